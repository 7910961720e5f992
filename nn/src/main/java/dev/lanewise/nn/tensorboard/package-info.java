/**
 * Files that TensorBoard reads: {@link dev.lanewise.nn.tensorboard.EventWriter} writes numbers,
 * histograms, pictures, texts, hyperparameters and graphs of {@link
 * dev.lanewise.nn.tensorboard.GraphNode}, as training goes; {@code tensorboard --logdir} shows
 * them.
 *
 * <p>One folder is one run, and a curve there is one tag; runs below one folder are shown together.
 *
 * <p>The messages are Protocol Buffers, which need the library protobuf-java ({@code
 * com.google.protobuf:protobuf-java}); all else does without.
 */
package dev.lanewise.nn.tensorboard;
