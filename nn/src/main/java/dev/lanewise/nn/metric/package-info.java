/**
 * What training reports: {@link dev.lanewise.nn.metric.Metric}, a number that grows from batch to
 * batch, without a gradient.
 */
package dev.lanewise.nn.metric;
