package dev.lanewise.nn.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataClass;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

class EventWriterTest {
  @TempDir private Path folder;

  @Test
  void theTestsOwnSumIsRight() {
    assertEquals(0xe3069283, EventFile.sum("123456789")); // the check value of CRC-32C
  }

  @Test
  void numbersArePointsOfCurves() throws IOException {
    double[] values = {1, 0.1, -2.5e-3, Double.NaN, 1 / 0.0, -1 / 0.0, 1e300, -0.0};
    Path file;
    try (EventWriter writer = EventWriter.open(folder)) {
      file = writer.file();
      for (int i = 0; i < values.length; i++) {
        writer.scalar("loss/größe", values[i], i == 0 ? -1 : 1L << 40 | i);
      }
    }
    List<Event> events = EventFile.read(file);
    assertEquals(values.length, events.size());
    for (int i = 0; i < values.length; i++) {
      Summary.Value value = EventFile.value(events.get(i));
      assertEquals("loss/größe", value.getTag());
      assertEquals(i == 0 ? -1 : 1L << 40 | i, events.get(i).getStep());
      assertEquals(Summary.Value.ValueCase.SIMPLE_VALUE, value.getValueCase());
      assertEquals((float) values[i], value.getSimpleValue());
    }
  }

  @Test
  void textsAreTensors() throws IOException {
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.text("notes", "**größer** 😀\n\n| a | b |", 7);
    }
    assertEquals(7, EventFile.read(EventFile.only(folder)).getFirst().getStep());
    Summary.Value value = EventFile.onlyValue(folder);
    assertEquals("notes", value.getTag());
    assertEquals("text", value.getMetadata().getPluginData().getPluginName());
    assertEquals(DataClass.DATA_CLASS_TENSOR, value.getMetadata().getDataClass());
    assertEquals(DataType.DT_STRING, value.getTensor().getDtype());
    assertEquals(0, value.getTensor().getTensorShape().getDimCount());
    assertEquals("**größer** 😀\n\n| a | b |", value.getTensor().getStringVal(0).toStringUtf8());
  }

  @Test
  void flushBringsAllIntoTheFile() throws IOException {
    try (EventWriter writer = EventWriter.open(folder)) {
      assertEquals(List.of(), EventFile.read(writer.file()));
      writer.scalar("a", 1, 0);
      writer.scalar("a", 2, 1);
      writer.flush();
      assertEquals(2, EventFile.read(writer.file()).size());
    }
  }

  @Test
  void muchReachesTheFileWithoutFlush() throws IOException {
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.text("small", "1", 0);
      writer.text("large", "2".repeat(200_000), 1); // more than a bundle
      writer.text("small", "3", 2);
      assertEquals(2, EventFile.read(writer.file()).size());
      writer.flush();
      List<Event> events = EventFile.read(writer.file());
      assertEquals(List.of(0L, 1L, 2L), events.stream().map(Event::getStep).toList());
      assertEquals(
          "2".repeat(200_000),
          EventFile.value(events.get(1)).getTensor().getStringVal(0).toStringUtf8());
    }
  }

  @Test
  void twoWritersInOneFolderHaveFilesOfTheirOwn() throws IOException {
    Path run = folder.resolve("not/there yet");
    try (EventWriter a = EventWriter.open(run);
        EventWriter b = EventWriter.open(run)) {
      assertNotEquals(a.file(), b.file());
      for (EventWriter each : List.of(a, b)) {
        String name = each.file().getFileName().toString();
        assertEquals(run, each.file().getParent());
        assertTrue(
            name.matches("events\\.out\\.tfevents\\.\\d{10}\\.[A-Za-z0-9._-]+\\.\\d+\\.\\d+"),
            name);
      }
      a.scalar("x", 1, 0);
      b.scalar("x", 2, 0);
      a.flush();
      b.flush();
      assertEquals(1, EventFile.value(EventFile.read(a.file()).getFirst()).getSimpleValue());
      assertEquals(2, EventFile.value(EventFile.read(b.file()).getFirst()).getSimpleValue());
    }
  }

  @Test
  void fourThreadsWriteWholeRecords() throws Exception {
    int threads = 4;
    int steps = 2000;
    Path file;
    try (var pool = Executors.newFixedThreadPool(threads);
        EventWriter writer = EventWriter.open(folder)) {
      file = writer.file();
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String tag = "thread" + thread;
        tasks.add(
            () -> {
              for (int step = 0; step < steps; step++) {
                writer.scalar(tag, step / 2.0, step);
                if (step % 500 == 0) {
                  writer.text(tag + "/text", "x".repeat(step), step);
                  writer.flush();
                }
              }
              return null;
            });
      }
      for (Future<Void> each : pool.invokeAll(tasks)) {
        each.get();
      }
    }
    Map<String, List<Long>> seen = new HashMap<>();
    for (Event event : EventFile.read(file)) {
      Summary.Value value = EventFile.value(event);
      seen.computeIfAbsent(value.getTag(), _ -> new ArrayList<>()).add(event.getStep());
      if (value.hasSimpleValue()) {
        assertEquals(event.getStep() / 2f, value.getSimpleValue());
      }
    }
    assertEquals(2 * threads, seen.size());
    // Each thread's own steps are in its order.
    for (int thread = 0; thread < threads; thread++) {
      List<Long> all = seen.get("thread" + thread);
      assertEquals(steps, all.size());
      assertEquals(all.stream().sorted().toList(), all);
    }
  }

  @Test
  void aClosedWriterTakesNoMore() throws IOException {
    EventWriter writer = EventWriter.open(folder);
    writer.scalar("a", 1, 0);
    writer.close();
    writer.close();

    Path file = writer.file();
    for (Executable call :
        List.<Executable>of(() -> writer.scalar("a", 2, 1), () -> writer.text("a", "b", 1))) {
      String message = assertThrows(UncheckedIOException.class, call).getMessage();
      assertTrue(
          message.endsWith(file + " is closed; open another writer for its folder"), message);
    }
    assertThrows(UncheckedIOException.class, writer::flush);
    assertEquals(1, EventFile.read(file).size());
  }

  @Test
  void wrongArgumentsWriteNothing() throws IOException {
    Tensor picture = Tensor.ones(2, 2);
    try (EventWriter writer = EventWriter.open(folder)) {
      for (Executable call :
          List.<Executable>of(
              () -> writer.scalar(" ", 1, 0),
              () -> writer.histogram("", new float[0], 0),
              () -> writer.histogram("", picture, 0),
              () -> writer.image("", picture, 0),
              () -> writer.text("\t", "x", 0))) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.endsWith("a tag names what is written, and must not be blank"), message);
      }
      assertThrows(NullPointerException.class, () -> writer.text("x", null, 0));
      assertThrows(NullPointerException.class, () -> writer.scalar(null, 1, 0));
    }
    assertEquals(List.of(), EventFile.read(EventFile.only(folder)));
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("taken"));
    var e = assertThrows(FileAlreadyExistsException.class, () -> EventWriter.open(file));
    assertEquals(file + ": EventWriter.open: a file is where the folder should be", e.getMessage());
  }
}
