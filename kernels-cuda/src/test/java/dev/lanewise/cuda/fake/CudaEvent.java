package dev.lanewise.cuda.fake;

/** An event: a position in the work of the stream that recorded it last. */
final class CudaEvent {

  final boolean timing;

  /** The stream that recorded it, or null. */
  CudaStream stream;

  long position;

  /** Whether it was ever recorded. */
  boolean recorded;

  /** The capture that it was recorded in, or null. */
  Capture capture;

  /** When it was recorded, in nanoseconds. */
  long time;

  CudaEvent(boolean timing) {
    this.timing = timing;
  }

  boolean reached() {
    return stream == null || stream.done >= position;
  }

  /** Does the work that it stands for, as far as it still waits. */
  void reach() {
    if (stream != null) {
      stream.runTo(position);
    }
  }
}
