import { REQUEST_KINDS, type RequestKind } from '../src/pipeline/classifier/request-kind.ts';
import type { Row } from './data.ts';

/** What kind of request each task of the sets is. A task that is not here teaches nothing about kinds. */
const KINDS: Record<RequestKind, string> = {
  math: 'math gsm8k gsm math-l5 agentverse-mgsm mgsm math-derivation algebra abstract_algebra college_mathematics elementary_mathematics high_school_mathematics high_school_statistics numersense-v2',
  proof: 'formal-proof algorithm-proof',
  logic: 'agentverse-logicgrid logicgrid formal_logic logical_fallacies',
  code: 'mbpp human_eval crux simple-code complex-code debugging code-review testing',
  computing:
    'computer_science computer_security college_computer_science high_school_computer_science machine_learning',
  physics: 'physics gpqa astronomy college_physics conceptual_physics high_school_physics',
  chemistry: 'chemistry college_chemistry high_school_chemistry',
  engineering: 'engineering electrical_engineering',
  biology: 'biology college_biology high_school_biology medical_genetics virology',
  medicine:
    'health anatomy clinical_knowledge college_medicine professional_medicine nutrition human_aging human_sexuality',
  law: 'law professional_law jurisprudence international_law',
  business:
    'business economics econometrics high_school_macroeconomics high_school_microeconomics professional_accounting management marketing business_ethics',
  society:
    'history philosophy psychology high_school_psychology professional_psychology moral_disputes prehistory world_religions sociology high_school_european_history high_school_us_history high_school_world_history high_school_government_and_politics high_school_geography us_foreign_policy security_studies public_relations',
  trivia: 'trivia_qa natural_qa factual-qa definition miscellaneous global_facts',
  commonsense: 'commonsense_qa openbook_qa arc_challenge moral_scenarios',
  writing: 'commongen summary greeting translation rewrite creative email',
  explanation: 'explanation comparison brainstorming',
  design: 'system-design architecture',
};

const KIND_BY_TASK = new Map<string, RequestKind>();
for (const kind of REQUEST_KINDS) for (const task of KINDS[kind].split(' ')) KIND_BY_TASK.set(task, kind);

export function requestKindOf({ task }: Row): RequestKind | null {
  return KIND_BY_TASK.get(task.replaceAll(' ', '_')) ?? null;
}
