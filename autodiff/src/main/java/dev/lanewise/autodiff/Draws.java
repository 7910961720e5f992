package dev.lanewise.autodiff;

import java.util.ArrayList;
import java.util.List;

/**
 * The streams of random numbers that a stretch of a program takes from generators, so that it can
 * take the same ones again.
 */
final class Draws {
  private final List<Long> streams = new ArrayList<>();

  /** Where the streams of the first time came from; {@code null} means the generators. */
  private Draws outer;

  /** The next stream that is taken again; −1 the first time. */
  private int next = -1;

  /** Starts a first time within what the calling thread is doing. */
  Draws(Draws outer) {
    this.outer = outer;
  }

  /** {@return the same streams, to be taken again from the first} */
  Draws again() {
    Draws again = new Draws(null);
    again.streams.addAll(streams);
    again.next = 0;
    return again;
  }

  /** {@return the number of the stream to take; another than before if there were less} */
  long take(Generator generator) {
    if (next >= 0) {
      return next < streams.size() ? streams.get(next++) : generator.take();
    }
    long stream = outer == null ? generator.take() : outer.take(generator);
    streams.add(stream);
    return stream;
  }

  /** Ends the first time. */
  void end() {
    outer = null;
  }
}
