package dev.lanewise.bench.peer;

/** A network that is trained, epoch by epoch, always on the same samples. */
public interface Trainer extends AutoCloseable {
  /** {@return the mean loss of one more epoch} */
  double epoch();

  @Override
  void close();
}
