/**
 * Words that say what kind of work is asked for, by kind. `word` matches a whole word, `stem*` every word that begins so
 * (stems have 4 to 7 letters), and two ideographs or Hangul syllables match wherever they stand, because those scripts
 * write no spaces or glue endings on. English first, then the languages that gateways see most.
 */
const WORDS = {
  prove: `prove proof proofs proving theorem lemma corollary derive derivat* rigorou* inducti* contrad* formally
    démont* prouve* beweis* herleit* demuest* demostr* demonst* prova dokaž* dowód dowied* udowod* докаж* вывед*
    kanıtl* ispatl* chứng أثبت برهن اثبت सिद्ध 证明 証明 推导 導出 증명 유도`,
  design: `design archite* architect platform infrast* scalable scalabi* distrib* microse* migrati* orchest*
    realtime fault pipeline conçois conceve* entwirf entwerf* entwick* diseñ* diseña* projete projet* desenha*
    спроект* разрабо* zaproje* tasarla* tasarım thiết صمم صمّم डिज़ाइन डिजाइन navrhně* 设计 設計 설계 構築 构建 구축`,
  analyse: `analyze analyse analys* analyz* evaluat* optimi* refacto* critique assess* trade improve* debug diagno*
    investi* review recomme* strategy strateg* justify overprü* überprü* analysi* optimis* revisa* examine* проанал*
    оптимиз* провер* 分析 优化 最適 改善 评估 評価 審査 최적 분석 개선 검토`,
  explain: `explain compare contrast differe* describ* discuss outline interpr* elabora* expliqu* explica* erkläre*
    erklär* untersc* vergle* compara* compare* différe* diferen* объясн* сравни* разниц* опиши wyjaśni* porówna*
    różnic* açıkla* karşıla* fark farkı giải sánh اشرح قارن الفرق समझा* समझाइए तुलना अंतर 解释 解釈 说明 説明 比较
    比較 区别 違い 설명 비교 차이`,
  lookup: `what who whom when where which define definit* meaning means called name capital was wer wann quién quoi
    quel quelle qué quem qu что кто когда где nedir kimdir ما क्या 什么 什麼 何で とは 定义 定義 무엇 뭐야 이란`,
  reason: `why how pourquoi comment warum wie cómo como porque почему зачем 为什 为何 如何 怎么 なぜ どう 왜요 어떻`,
  greeting: `hi hello hey thanks thank bye goodbye morning welcome bonjour merci hallo danke hola gracias olá
    obrigad* привет спасибо cześć merhaba teşekk* chào مرحبا शुक्रिया नमस्ते 你好 谢谢 今日 おは こん 안녕 감사`,
  transform: `summari* résum* zusamme* resum* riassu* кратко podsum* özetle 总结 摘要 要約 요약 transla* rewrite
    rephras* paraphr* shorten format convert extract classify correct traduis traduir* traduz* traduc* überset*
    переве* przetłu* çevir* dịch ترجم अनुवाद 翻译 翻訳 번역`,
  code: `code function class method python javascr* typescr* java rust golang sql html css regex bug error excepti*
    api json loop array string compile* script algorit* database query docker kuberne* react pandas git thread async
    mutex cache linux program implement implem* impleme* написа* funktion función fonction função fonksiy* 函数 代码
    関数 コー 実装 实现 함수 코드 구현`,
  math: `integral integra* matrix matrice* polynom* equation equatio* derivative probabi* eigenva* vector prime
    modulo subgrou* isomorp* homomor* converg* logarit* triangle sqrt sin cos tan log sum product divisib* permuta*
    variance bayes* calculus topolog* manifold abelian continu* 方程 積分 积分 行列 矩阵 확률 방정`,
  science: `reaction molecul* equilib* enthalp* entropy quantum electro* voltage velocity magneti* nucleus nuclear
    isotope* acid oxidati* protein* enzyme* gene genes mutatio* chromos* photon* wavelen* orbital* spectr* thermod*
    kinetic* kj mol joule* newton* ev pressure tempera* frequen* circuit* torque solubil* catalys* synthes* reagent*
    compoun*`,
  law: `plaintiff defenda* court contract statute* liabili* tort jurisdi* constit* neglige* plainti* felony lawsuit
    damages trespas* easemen* testato* hearsay appella* amendment counsel prosecu* convict* landlor* legal`,
  medicine: `patient patients diagnos* symptom* clinical treatme* dose mg disease syndrom* therapy infecti* blood
    chronic physici* hospital surger* artery tumor fever pain lesion* hormone* anemia examina* pulmona* cardiac`,
  constraint: `must should only exactly least without each every except not never cannot unless require* limit*
    ensure constra* doit müssen muss debe deve должен должно 必须 不能 需要 必要 해야`,
  sequence: `then first second third finally next also additio* further* moreover step steps including plus ensuite
    puis dann luego depois затем также 然后 首先 次に まず 그리`,
  logic: `if suppose assume given let therefo* because either neither stateme* true false follows implies hence
    always possible consist* determi* conclud* infer* argumen* assump* premise*`,
} as const;

export type WordKind = keyof typeof WORDS;

export const WORD_KINDS = Object.freeze(Object.keys(WORDS).filter((kind): kind is WordKind => kind in WORDS));

/** Prefixes are looked up at these lengths only, so a stem of another length would never match. */
export const STEM_LENGTHS = { shortest: 4, longest: 7 } as const;
export const HASH_START = 0x811c9dc5 | 0;
const STEM_SALT = 0x5bd1e995;
const PAIR_SALT = 0x27d4eb2f;
const TABLE_SIZE = 4_096;
const IDEOGRAPHS = /^[぀-ヿ㐀-鿿가-힯]{2}$/u;

const keys = new Int32Array(TABLE_SIZE);
const kinds = new Int8Array(TABLE_SIZE).fill(-1);

/** One step of a running hash over character codes; starts from HASH_START. */
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Lower case for the scripts that have cases, as far as a shift of the code goes; ASCII must be a letter. */
export function foldCase(code: number): number {
  if (code < 128) return code | 32;
  if (code >= 0xc0 && code <= 0xde) return code + 32;
  if (code >= 0x410 && code <= 0x42f) return code + 32;
  if (code >= 0x400 && code <= 0x40f) return code + 80;
  if (code >= 0x391 && code <= 0x3a9) return code + 32;
  if ((code >= 0x100 && code <= 0x137) || (code >= 0x14a && code <= 0x177)) return code | 1;
  return code;
}

/** The index in WORD_KINDS of a whole word with this hash, or -1. */
export function findWord(hash: number): number {
  return find(hash);
}

/** The same for the first letters of a word. */
export function findStem(hash: number): number {
  return find(hash ^ STEM_SALT);
}

/** The same for two neighbouring ideographs. */
export function findPair(first: number, second: number): number {
  return find(hashStep(hashStep(HASH_START, first), second) ^ PAIR_SALT);
}

function find(key: number): number {
  let slot = slotOf(key);
  while (kinds[slot] !== -1) {
    if (keys[slot] === key) return kinds[slot] ?? -1;
    slot = (slot + 1) & (TABLE_SIZE - 1);
  }
  return -1;
}

function slotOf(key: number): number {
  return (Math.imul(key, 0x9e3779b1) >>> 20) & (TABLE_SIZE - 1);
}

function insert(key: number, kind: number): void {
  let slot = slotOf(key);
  while (kinds[slot] !== -1) {
    // The first kind that lists a word keeps it.
    if (keys[slot] === key) return;
    slot = (slot + 1) & (TABLE_SIZE - 1);
  }
  keys[slot] = key;
  kinds[slot] = kind;
}

function keyOf(entry: string): number {
  const isStem = entry.endsWith('*');
  const letters = isStem ? entry.slice(0, -1) : entry;
  if (isStem && (letters.length < STEM_LENGTHS.shortest || letters.length > STEM_LENGTHS.longest)) {
    throw new Error(`the stem "${entry}" would never match`);
  }
  let hash = HASH_START;
  for (let index = 0; index < letters.length; index++) hash = hashStep(hash, foldCase(letters.charCodeAt(index)));
  if (isStem) return hash ^ STEM_SALT;
  return IDEOGRAPHS.test(letters) ? hash ^ PAIR_SALT : hash;
}

WORD_KINDS.forEach((kind, index) => {
  for (const entry of WORDS[kind].match(/\S+/g) ?? []) insert(keyOf(entry), index);
});
