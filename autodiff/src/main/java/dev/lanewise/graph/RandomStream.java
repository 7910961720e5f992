package dev.lanewise.graph;

import dev.lanewise.autodiff.Generator;

/** Which stream of random numbers an instruction takes: the next of a generator, in every run. */
public final class RandomStream {
  private final Generator generator;
  private long number;

  private RandomStream(Generator generator, long number) {
    this.generator = generator;
    this.number = number;
  }

  /** {@return the stream that a generator gives next, whenever the graph is run} */
  static RandomStream next(Generator generator) {
    return new RandomStream(generator, -1);
  }

  /** {@return always the same stream} */
  static RandomStream fixed(long number) {
    return new RandomStream(null, number);
  }

  /** Takes the stream of a run. */
  void draw() {
    if (generator != null) {
      number = generator.nextStream();
    }
  }

  /** Goes to the stream of another run. */
  void number(long other) {
    number = other;
  }

  long number() {
    return number;
  }

  /** {@return whether runs take other numbers than the ones before} */
  public boolean isDrawn() {
    return generator != null;
  }

  @Override
  public String toString() {
    return isDrawn() ? "next" : Long.toString(number);
  }
}
