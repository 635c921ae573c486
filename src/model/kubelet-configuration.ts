import { z } from 'zod';

/** What is read of a kubelet's configuration: nothing but what a runtime must agree with. */
export const kubeletConfigurationSchema = z.object({
  cgroupDriver: z.enum(['cgroupfs', 'systemd']).describe('cgroupfs where the file names none, as the kubelet has it'),
});
export type KubeletConfiguration = z.infer<typeof kubeletConfigurationSchema>;
