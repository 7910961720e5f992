/**
 * What training makes small: {@link dev.lanewise.nn.loss.Loss}, as objects and by the names that
 * Keras gives them. A loss is the mean over the batch, unless a {@link
 * dev.lanewise.nn.loss.Reduction} asks for the sum, or for the losses one by one.
 *
 * <p>For classes, start with {@link dev.lanewise.nn.loss.SparseCategoricalCrossentropy} or {@link
 * dev.lanewise.nn.loss.CrossEntropy}; for yes and no with {@link
 * dev.lanewise.nn.loss.BinaryCrossentropy}; for numbers with {@link
 * dev.lanewise.nn.loss.MeanSquaredError} or {@link dev.lanewise.nn.loss.Huber}. Four losses are of
 * three tensors and so none that {@code fit} takes: {@link dev.lanewise.nn.loss.GaussianNLL},
 * {@link dev.lanewise.nn.loss.CosineEmbedding}, {@link dev.lanewise.nn.loss.TripletMargin} and
 * {@link dev.lanewise.nn.loss.MarginRanking}.
 */
package dev.lanewise.nn.loss;
