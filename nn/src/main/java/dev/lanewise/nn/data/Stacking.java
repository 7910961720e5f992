package dev.lanewise.nn.data;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Puts samples on top of each other. */
final class Stacking {
  private Stacking() {}

  /** {@return some samples of a data set as a batch} */
  static Batch of(Dataset data, int[] indices) {
    if (indices.length == 0) {
      throw new IllegalArgumentException("batch: there must be at least one sample");
    }
    List<Sample> samples = new ArrayList<>(indices.length);
    for (int index : indices) {
      Sample sample =
          Objects.requireNonNull(data.get(index), () -> "get: sample " + index + " is null");
      samples.add(sample);
      if (!alike(samples.getFirst(), sample)) {
        throw new ShapeException(
            ("batch: samples must be alike, but sample %d has %s and sample %d has %s;"
                    + " pad or cut them in get, or override batch")
                .formatted(indices[0], text(samples.getFirst()), index, text(sample)));
      }
    }
    Sample first = samples.getFirst();
    return new Batch(
        stacked(samples, first.inputs().size(), Sample::inputs),
        stacked(samples, first.targets().size(), Sample::targets),
        first.weight().isEmpty()
            ? Optional.empty()
            : Optional.of(stack(samples, sample -> sample.weight().orElseThrow())));
  }

  private static List<Tensor> stacked(
      List<Sample> samples, int count, Function<Sample, List<Tensor>> tensors) {
    List<Tensor> stacked = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int place = i;
      stacked.add(stack(samples, sample -> tensors.apply(sample).get(place)));
    }
    return stacked;
  }

  private static Tensor stack(List<Sample> samples, Function<Sample, Tensor> tensor) {
    return Tensor.stack(0, samples.stream().map(tensor).toArray(Tensor[]::new));
  }

  private static boolean alike(Sample a, Sample b) {
    return alike(a.inputs(), b.inputs())
        && alike(a.targets(), b.targets())
        && alike(a.weight().stream().toList(), b.weight().stream().toList());
  }

  private static boolean alike(List<Tensor> a, List<Tensor> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (a.get(i).dtype() != b.get(i).dtype() || !a.get(i).shape().equals(b.get(i).shape())) {
        return false;
      }
    }
    return true;
  }

  private static String text(Sample sample) {
    return "inputs %s, targets %s and %s"
        .formatted(
            kinds(sample.inputs()),
            kinds(sample.targets()),
            sample.weight().map(w -> "a weight of " + w.dtype()).orElse("no weight"));
  }

  private static List<String> kinds(List<Tensor> tensors) {
    return tensors.stream().map(t -> t.dtype() + " " + t.shape()).toList();
  }
}
