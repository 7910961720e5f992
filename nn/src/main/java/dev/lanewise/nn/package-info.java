/**
 * Models and their training, in the manner of Keras.
 *
 * <p>Start with {@link dev.lanewise.nn.Sequential}: layers in a row. {@code compile} chooses how it
 * learns, {@code fit} trains, {@code evaluate} judges, {@code predict} uses what was learned; what
 * it learns from is a {@link dev.lanewise.nn.data.LabeledDataset} or any {@link
 * dev.lanewise.nn.Examples}. Layers, initializers, losses, optimizers and metrics are in the
 * packages beside this one. A training loop of one's own needs none of this: it calls a layer, a
 * loss, {@link dev.lanewise.autodiff.Gradients} and an optimizer. {@link
 * dev.lanewise.nn.ModelPicture} draws a model, {@link dev.lanewise.nn.ModelFile} keeps it.
 */
package dev.lanewise.nn;
