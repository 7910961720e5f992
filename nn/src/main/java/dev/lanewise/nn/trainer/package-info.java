/**
 * Training in the manner of PyTorch Lightning: a {@link dev.lanewise.nn.trainer.TrainingModule}
 * says what one step computes, a {@link dev.lanewise.nn.trainer.Trainer} does everything around it.
 * {@link dev.lanewise.nn.trainer.TrainerOptions} are its settings; {@link
 * dev.lanewise.nn.trainer.TrainerCallback}s watch and stop it, {@link
 * dev.lanewise.nn.trainer.TrainingLogger}s take its numbers, and {@link
 * dev.lanewise.nn.trainer.TrainerCheckpoints} write files from which a run that was cut goes on,
 * bit by bit. Start with {@code TrainingModule}.
 *
 * <p>All runs are deterministic: the same module, data and seed give the same bits, with any number
 * of threads; there is no switch for it. Several optimizers in one module are not here, nor are
 * several devices: a module with two optimizers has a loop of its own, of a few lines, see {@link
 * dev.lanewise.nn.optim.Optimizer}.
 */
package dev.lanewise.nn.trainer;
