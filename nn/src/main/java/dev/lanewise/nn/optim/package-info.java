/**
 * How weights follow their gradients: {@link dev.lanewise.nn.optim.SGD} and {@link
 * dev.lanewise.nn.optim.Adam}. An optimizer is a few expressions; one kernel call updates a weight
 * and its state, in place.
 */
package dev.lanewise.nn.optim;
