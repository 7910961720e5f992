package dev.lanewise.nn.init;

/**
 * How many numbers meet at a unit, by which initializers choose the spread of the weights.
 *
 * @param in the inputs that one output is computed from
 * @param out the outputs that one input goes into
 */
public record Fans(long in, long out) {}
