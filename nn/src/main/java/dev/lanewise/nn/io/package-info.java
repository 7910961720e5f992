/**
 * Weights in files: those of {@link dev.lanewise.nn.io.WeightFile} are this library's own, {@link
 * dev.lanewise.nn.io.KerasWeights} reads what Keras wrote, {@link
 * dev.lanewise.nn.io.PyTorchWeights} what PyTorch did.
 *
 * <p>A whole model, with its settings and the state of its training, is a {@link
 * dev.lanewise.nn.ModelFile}. A file that does not fit changes nothing.
 */
package dev.lanewise.nn.io;
