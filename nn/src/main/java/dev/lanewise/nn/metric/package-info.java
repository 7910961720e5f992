/**
 * What training reports: {@link dev.lanewise.nn.metric.Metric}, a number that grows from batch to
 * batch, without a gradient. Of classes there are accuracies, {@link
 * dev.lanewise.nn.metric.Precision}, {@link dev.lanewise.nn.metric.Recall}, {@link
 * dev.lanewise.nn.metric.F1Score} and {@link dev.lanewise.nn.metric.AUC}; of numbers {@link
 * dev.lanewise.nn.metric.R2Score} and every loss, by {@link dev.lanewise.nn.metric.Metric#of}.
 * {@link dev.lanewise.nn.metric.ConfusionMatrix} and {@link dev.lanewise.nn.metric.Mean} stand
 * beside them.
 */
package dev.lanewise.nn.metric;
