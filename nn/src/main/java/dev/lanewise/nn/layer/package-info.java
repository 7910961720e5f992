/**
 * Layers: functions of tensors with weights of their own.
 *
 * <p>A layer knows its settings when it is made, and makes its weights when it is built, by the
 * model, for the shape of the first input. {@link dev.lanewise.nn.layer.Dense} and {@link
 * dev.lanewise.nn.layer.Conv2D} are typical ones with weights; {@link
 * dev.lanewise.nn.layer.BatchNormalization} has some that steps of training change and optimizers
 * do not, {@link dev.lanewise.nn.layer.Dropout} draws random numbers, and {@link
 * dev.lanewise.nn.layer.MaxPool2D} has nothing of all that. A layer of your own extends {@link
 * dev.lanewise.nn.layer.Layer}. Functions of yours see, and may replace, what a layer gives and the
 * gradient by it: {@link dev.lanewise.nn.layer.Layer#onForward} and {@link
 * dev.lanewise.nn.layer.Layer#onBackward}.
 *
 * <p>{@link dev.lanewise.nn.layer.Embedding}, {@link dev.lanewise.nn.layer.LSTM}, {@link
 * dev.lanewise.nn.layer.GRU}, {@link dev.lanewise.nn.layer.SimpleRNN} and {@link
 * dev.lanewise.nn.layer.MultiHeadAttention} read sequences, {@code [n, steps, features]}. {@link
 * dev.lanewise.nn.layer.Add}, {@link dev.lanewise.nn.layer.Concatenate} and others join branches of
 * a model, and {@link dev.lanewise.nn.layer.Lambda} makes a layer of a function.
 *
 * <p>Images are channels-first, {@code [n, c, h, w]}; rows are {@code [n, features]}. Where a shape
 * is called a sample's, the batch axis {@code n} is left out.
 */
package dev.lanewise.nn.layer;
