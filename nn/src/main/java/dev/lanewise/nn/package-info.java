/**
 * Models and their training, in the manner of Keras.
 *
 * <p>Start with {@link dev.lanewise.nn.Sequential}: layers in a row. {@code compile} chooses how it
 * learns, {@code fit} trains, {@code evaluate} judges, {@code predict} uses what was learned. What
 * it learns from is a {@link dev.lanewise.nn.data.LabeledDataset}, any {@link
 * dev.lanewise.nn.Examples}, or {@link dev.lanewise.nn.data.Batches} as they come. A {@link
 * dev.lanewise.nn.Model} may also have branches and several inputs and outputs, or be a class of
 * one's own, and can be a layer of another; {@link dev.lanewise.nn.ModelPicture} draws it, {@link
 * dev.lanewise.nn.ModelFile} keeps it. What watches and steers {@code fit} is in {@link
 * dev.lanewise.nn.train}.
 *
 * <p>Layers, initializers, losses, optimizers and metrics are in the packages beside this one. A
 * training loop of one's own needs none of this: it calls a layer, a loss, {@link
 * dev.lanewise.autodiff.Gradients} and an optimizer.
 */
package dev.lanewise.nn;
