package dev.lanewise.nn.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When records reach the file, and a disk that is full. */
class RecordFileTest {
  // Bytes of a number's record, with a tag of one letter; step 0 is not written and saves two.
  private static final int RECORD = 39;
  private static final int FIRST_RECORD = 37;

  @TempDir private Path folder;

  /** A file on a disk with room for so many bytes. */
  private static final class SmallDisk extends RandomAccessFile {
    private final long room;

    SmallDisk(Path path, long room) throws IOException {
      super(path.toFile(), "rw");
      this.room = room;
    }

    @Override
    public void write(byte[] bytes, int start, int count) throws IOException {
      int fits = (int) Math.min(count, room - getFilePointer());
      super.write(bytes, start, fits);
      if (fits < count) {
        throw new IOException("No space left on device");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12, 13, 36, 37, 38, 75, 76, 77, 300, 301})
  void keepsTheRecordsThatFit(int more) throws IOException {
    Path path = folder.resolve("events");
    long first;
    try (EventWriter whole = EventWriter.open(folder.resolve("whole"))) {
      first = Files.size(whole.file());
    }
    SmallDisk disk = new SmallDisk(path, first + more);
    EventWriter writer = EventWriter.open(new RecordFile(path, disk, () -> 0));
    for (int step = 0; step < 20; step++) {
      writer.scalar("a", step, step);
    }

    var e = assertThrows(UncheckedIOException.class, writer::flush).getCause();
    assertEquals(
        "EventWriter.flush: cannot write "
            + path
            + " (No space left on device); it keeps what was written before",
        e.getMessage());
    long size = Files.size(path);
    int kept = EventFile.read(path).size(); // and nothing broken after them
    assertTrue(size <= first + more && first + more < size + RECORD, () -> size + ", " + more);
    assertEquals(kept == 0, more < FIRST_RECORD, () -> kept + " of " + more);

    var again = assertThrows(UncheckedIOException.class, () -> writer.scalar("a", 1, 21));
    assertSame(e.getCause(), again.getCause().getCause());
    assertTrue(again.getMessage().contains("has failed before (No space"), again.getMessage());
    writer.close(); // says no more
    assertEquals(size, Files.size(path));
    assertThrows(IOException.class, disk::getFilePointer, "it is still open");
  }

  @Test
  void closingSaysWhatCouldNotBeWritten() throws IOException {
    Path path = folder.resolve("events");
    SmallDisk disk = new SmallDisk(path, 100);
    EventWriter writer = EventWriter.open(new RecordFile(path, disk, () -> 0));
    for (int step = 0; step < 20; step++) {
      writer.scalar("a", step, step);
    }
    var e = assertThrows(UncheckedIOException.class, writer::close);
    assertTrue(e.getMessage().contains("EventWriter.close: cannot write"), e.getMessage());
    assertThrows(IOException.class, disk::getFilePointer, "it is still open");
    assertTrue(EventFile.read(path).size() > 0);
  }

  @Test
  void openingSaysThatThereIsNoRoom() throws IOException {
    Path path = folder.resolve("events");
    SmallDisk disk = new SmallDisk(path, 10);
    var e =
        assertThrows(
            IOException.class, () -> EventWriter.open(new RecordFile(path, disk, () -> 0)));
    assertTrue(e.getMessage().contains("EventWriter.open: cannot write"), e.getMessage());
    assertThrows(IOException.class, disk::getFilePointer, "it is still open");
    assertEquals(0, Files.size(path));
  }

  @Test
  void twoSecondsAreEnoughToWait() throws IOException {
    Path path = folder.resolve("events");
    var nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may pass the greatest number
    SmallDisk disk = new SmallDisk(path, 1 << 20);
    try (EventWriter writer = EventWriter.open(new RecordFile(path, disk, nanos::get))) {
      nanos.addAndGet(2_000_000_000);
      writer.scalar("a", 1, 1);
      assertEquals(0, EventFile.read(path).size());
      nanos.addAndGet(1);
      writer.scalar("a", 1, 2);
      assertEquals(2, EventFile.read(path).size());
      writer.scalar("a", 1, 3);
      assertEquals(2, EventFile.read(path).size());
    }
    assertEquals(3, EventFile.read(path).size());
  }

  @Test
  void anInterruptedThreadWrites() throws IOException {
    try (EventWriter writer = EventWriter.open(folder)) {
      Thread.currentThread().interrupt();
      writer.scalar("a", 1, 1);
      writer.flush();
      assertTrue(Thread.interrupted(), "the mark of the thread is kept");
      writer.scalar("a", 1, 2);
      writer.flush();
      assertEquals(2, EventFile.read(writer.file()).size());
    }
  }
}
