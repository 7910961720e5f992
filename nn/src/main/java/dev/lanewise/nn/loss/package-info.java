/**
 * What training makes small: {@link dev.lanewise.nn.loss.Loss}, as objects and by the names that
 * Keras gives them. Every loss is the mean over the batch.
 */
package dev.lanewise.nn.loss;
