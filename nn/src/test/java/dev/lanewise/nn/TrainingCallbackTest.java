package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When callbacks are called, also where training stops or fails. */
class TrainingCallbackTest {
  private static final Examples FIVE =
      Examples.of(new float[][] {{1}, {2}, {3}, {4}, {5}}, new float[5]);

  private static FitOptions silent(int epochs) {
    return FitOptions.epochs(epochs).verbose(0);
  }

  /** Writes down what it is called for. */
  private static TrainingCallback noted(String name, List<String> notes) {
    return new TrainingCallback() {
      @Override
      public void onTrainBegin(Training training) {
        notes.add(name + " train+");
      }

      @Override
      public void onEpochBegin(Training training) {
        assertThrows(IllegalStateException.class, training::scores);
        notes.add(name + " epoch+" + training.epoch());
      }

      @Override
      public void onBatchBegin(Training training) {
        notes.add(name + " batch+" + training.step());
      }

      @Override
      public void onBatchEnd(Training training) {
        assertEquals(training.loss(), training.scores().loss());
        notes.add(name + " batch-" + training.step());
      }

      @Override
      public void onEpochEnd(Training training) {
        notes.add(name + " epoch-" + training.epoch());
      }

      @Override
      public void onTrainEnd(Training training) {
        notes.add(name + " train-");
      }
    };
  }

  @Test
  void callbacksAreCalledInTurn() {
    List<String> notes = new ArrayList<>();
    OneWeight.model().fit(OneWeight.EXAMPLES, OneWeight.silent(2, noted("a", notes)));
    assertEquals(
        List.of(
            "a train+",
            "a epoch+0",
            "a batch+0",
            "a batch-0",
            "a epoch-0",
            "a epoch+1",
            "a batch+0",
            "a batch-0",
            "a epoch-1",
            "a train-"),
        notes);
    notes.clear();
    OneWeight.model()
        .fit(OneWeight.EXAMPLES, OneWeight.silent(1, noted("a", notes), noted("b", notes)));
    assertEquals(
        List.of(
            "a train+",
            "b train+",
            "a epoch+0",
            "b epoch+0",
            "a batch+0",
            "b batch+0",
            "a batch-0",
            "b batch-0",
            "a epoch-0",
            "b epoch-0",
            "a train-",
            "b train-"),
        notes);
  }

  @Test
  void oneFunctionMakesACallback() {
    List<String> notes = new ArrayList<>();
    OneWeight.model()
        .fit(
            OneWeight.EXAMPLES,
            OneWeight.silent(
                1,
                TrainingCallback.onTrainEnd(_ -> notes.add("train-")),
                TrainingCallback.onEpochEnd(_ -> notes.add("epoch-")),
                TrainingCallback.onBatchEnd(_ -> notes.add("batch-")),
                TrainingCallback.onBatchBegin(_ -> notes.add("batch+")),
                TrainingCallback.onEpochBegin(_ -> notes.add("epoch+")),
                TrainingCallback.onTrainBegin(_ -> notes.add("train+"))));
    assertEquals(List.of("train+", "epoch+", "batch+", "batch-", "epoch-", "train-"), notes);
  }

  @Test
  void eachThatHasBegunIsEnded() {
    List<String> notes = new ArrayList<>();
    IllegalStateException failure = new IllegalStateException("in the step");
    IllegalStateException second = new IllegalStateException("at the end");
    FitOptions options =
        OneWeight.silent(
            3,
            noted("a", notes),
            TrainingCallback.onTrainEnd(
                _ -> {
                  throw second;
                }),
            TrainingCallback.onBatchEnd(
                t -> {
                  if (t.epoch() == 1) {
                    throw failure;
                  }
                }),
            noted("b", notes));
    Sequential model = OneWeight.model();
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> model.fit(OneWeight.EXAMPLES, options));
    assertSame(failure, thrown);
    assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
    assertEquals(
        List.of("a batch-0", "a train-", "b train-"),
        notes.subList(notes.size() - 3, notes.size()));
    // Two steps were taken, and the next call goes on.
    assertEquals(0.25f, OneWeight.weight(model));
    model.fit(OneWeight.EXAMPLES, silent(1));
    assertEquals(0.125f, OneWeight.weight(model));
  }

  @Test
  void whoFailsToBeginIsNotEnded() {
    List<String> notes = new ArrayList<>();
    TrainingCallback fails =
        TrainingCallback.onTrainBegin(
            _ -> {
              throw new IllegalStateException("no");
            });
    FitOptions options = OneWeight.silent(1, noted("a", notes), fails, noted("b", notes));
    assertThrows(
        IllegalStateException.class, () -> OneWeight.model().fit(OneWeight.EXAMPLES, options));
    assertEquals(List.of("a train+", "a train-"), notes);
  }

  @Test
  void trainingStopsInTheMiddleOfAnEpoch() {
    List<String> notes = new ArrayList<>();
    TrainingCallback stop =
        TrainingCallback.onBatchEnd(
            t -> {
              if (t.epoch() == 1 && t.step() == 1) {
                t.stop("enough");
              }
            });
    Sequential model = OneWeight.model();
    History history =
        model.fit(
            FIVE, silent(9).batchSize(1).validationData(FIVE).callbacks(stop, noted("a", notes)));
    assertEquals(2, history.epochs());
    assertEquals(Optional.of("enough"), history.stopped());
    assertEquals(2, history.get("val_loss").size());
    assertEquals(
        List.of("a batch-1", "a epoch-1", "a train-"),
        notes.subList(notes.size() - 3, notes.size()));
    // The next call is not stopped.
    assertEquals(Optional.empty(), model.fit(FIVE, silent(1)).stopped());
  }

  @Test
  void anEpochWithoutAStepIsNotReported() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    TrainingCallback stop =
        TrainingCallback.onEpochBegin(
            t -> {
              if (t.epoch() == 1) {
                t.stop("no more");
              }
            });
    History history =
        OneWeight.model().fit(OneWeight.EXAMPLES, FitOptions.epochs(5).out(out).callbacks(stop));
    assertEquals(List.of(1.0), history.get("loss"));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(2, lines.size());
    assertEquals("Stopped in epoch 2: no more", lines.get(1));
    TrainingCallback never = TrainingCallback.onTrainBegin(t -> t.stop("at once"));
    assertEquals(0, OneWeight.model().fit(OneWeight.EXAMPLES, OneWeight.silent(5, never)).epochs());
  }
}
