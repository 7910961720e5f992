package dev.lanewise.nn.tensorboard;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * A file of records, each as TensorFlow frames it: the length of the data (64 bits), its check sum,
 * the data, its check sum (32 bits each, little-endian). Its methods may be called by any thread.
 *
 * <p>Records reach the file in bundles. Where one fails, the file is cut after the last whole
 * record, since no reader gets past a broken one, and takes no more.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>
 */
final class RecordFile {
  private static final int HEAD = 12;
  private static final int FOOT = 4;
  private static final int BUNDLE = 1 << 16;
  private static final long BUNDLE_NANOS = 2_000_000_000;

  private final Path path;

  // Not a channel: an interrupted thread would close it for all others.
  private final RandomAccessFile file;
  private final LongSupplier clock;
  private ByteBuffer bundle = buffer(BUNDLE);
  private long bundleStart;
  private long lastWritten;
  private IOException failure;
  private boolean closed;

  /**
   * Takes over a file.
   *
   * @param path what errors call it
   * @param file the file, empty
   * @param clock nanoseconds that pass
   */
  RecordFile(Path path, RandomAccessFile file, LongSupplier clock) {
    this.path = path;
    this.file = file;
    this.clock = clock;
    this.lastWritten = clock.getAsLong();
  }

  Path path() {
    return path;
  }

  /**
   * Adds a record.
   *
   * @param operation who asks, for an error's text
   * @param data what it holds
   * @throws IOException if the file is closed, or writing fails or has failed
   */
  synchronized void append(String operation, byte[] data) throws IOException {
    requireUsable(operation);
    int size = Math.addExact(data.length, HEAD + FOOT);
    if (bundle.remaining() < size) {
      write(operation);
    }
    if (BUNDLE < size) {
      bundle = buffer(size);
    }
    int start = bundle.position();
    bundle.putLong(data.length);
    bundle.putInt(maskedSum(bundle.array(), start, Long.BYTES));
    bundle.put(data);
    bundle.putInt(maskedSum(data, 0, data.length));
    if (clock.getAsLong() - lastWritten > BUNDLE_NANOS) {
      write(operation);
    }
  }

  /**
   * Writes what is waiting.
   *
   * @param operation who asks, for an error's text
   * @throws IOException if the file is closed, or writing fails or has failed
   */
  synchronized void flush(String operation) throws IOException {
    requireUsable(operation);
    write(operation);
  }

  /** Writes what is waiting, unless writing has failed before, and closes the file. */
  synchronized void close(String operation) throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (file) {
      if (failure == null) {
        write(operation);
      }
    }
  }

  private void requireUsable(String operation) throws IOException {
    if (closed) {
      throw new IOException(
          "%s: %s is closed; open another writer for its folder".formatted(operation, path));
    }
    if (failure != null) {
      throw new IOException(
          "%s: writing %s has failed before (%s); open another writer for its folder"
              .formatted(operation, path, failure.getMessage()),
          failure);
    }
  }

  private void write(String operation) throws IOException {
    try {
      file.write(bundle.array(), 0, bundle.position());
    } catch (IOException e) {
      failure = e;
      cut();
      throw new IOException(
          "%s: cannot write %s (%s); it keeps what was written before"
              .formatted(operation, path, e.getMessage()),
          e);
    }
    bundleStart += bundle.position();
    bundle = bundle.capacity() == BUNDLE ? bundle.clear() : buffer(BUNDLE);
    lastWritten = clock.getAsLong();
  }

  /** Ends the file after the last record that is there as a whole. */
  private void cut() {
    try {
      long written = file.getFilePointer() - bundleStart;
      int end = 0;
      while (end < bundle.position()) {
        long next = end + HEAD + bundle.getLong(end) + FOOT;
        if (next > written) {
          break;
        }
        end = (int) next;
      }
      file.setLength(bundleStart + end);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return the check sum, rotated and shifted, so that sums of sums stay good ones} */
  private static int maskedSum(byte[] bytes, int start, int count) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, start, count);
    return Integer.rotateRight((int) sum.getValue(), 15) + 0xa282ead8;
  }
}
