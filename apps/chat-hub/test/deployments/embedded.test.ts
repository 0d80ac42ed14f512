import { deployed, deploymentLaws } from './deployed.ts';

deploymentLaws(deployed(async () => ({ nodes: 1 })));
