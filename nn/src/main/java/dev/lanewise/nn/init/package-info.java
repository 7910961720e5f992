/**
 * Where weights start: {@link dev.lanewise.nn.init.Initializer}, with the factories that Keras and
 * PyTorch have. Random ones take their numbers from the model's generator, so that a seed fixes
 * them.
 */
package dev.lanewise.nn.init;
