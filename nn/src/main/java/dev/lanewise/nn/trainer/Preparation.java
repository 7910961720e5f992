package dev.lanewise.nn.trainer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.internal.Samples;
import dev.lanewise.nn.layer.Weight;
import java.util.Iterator;
import java.util.List;

/** Modules and batches are brought to where they compute. */
final class Preparation {
  private Preparation() {}

  /**
   * Makes the weights of a module, if that is still to do, or moves them, where the settings want
   * them.
   *
   * @param batches of whose first the shape is asked then
   * @throws IllegalArgumentException if there is no batch
   */
  static Backend prepare(TrainerSettings settings, TrainingModule module, Batches batches) {
    boolean anywhere = settings.backend == null && settings.device.equalsIgnoreCase("auto");
    Backend asked =
        settings.backend != null
            ? settings.backend
            : anywhere ? null : Devices.named(settings.device);
    if (!module.isBuilt()) {
      List<Shape> samples = samples(batches);
      if (asked != null) {
        module.on(asked);
      }
      settings.seed.ifPresent(module::seed);
      module.build(samples);
    }
    if (asked != null) {
      module.to(asked);
      return asked;
    }
    List<Weight> weights = module.weights();
    return weights.isEmpty() ? Backends.best() : weights.getFirst().value().backend();
  }

  private static List<Shape> samples(Batches batches) {
    Iterator<Batch> first = batches.epoch(0);
    if (!first.hasNext()) {
      throw new IllegalArgumentException("Trainer: there are no batches");
    }
    return first.next().inputs().stream().map(x -> Samples.sampleOf(x.shape())).toList();
  }

  /** {@return a batch where the weights are; inside the scope of a step, if it is to be moved} */
  static Batch moved(Batch batch, Backend backend) {
    boolean there =
        batch.inputs().stream().allMatch(x -> x.backend() == backend)
            && batch.targets().stream().allMatch(y -> y.backend() == backend)
            && batch.weights().stream().allMatch(w -> w.backend() == backend);
    return there
        ? batch
        : new Batch(
            moved(batch.inputs(), backend),
            moved(batch.targets(), backend),
            batch.weights().map(w -> w.to(backend)));
  }

  private static List<Tensor> moved(List<Tensor> tensors, Backend backend) {
    return tensors.stream().map(tensor -> tensor.to(backend)).toList();
  }
}
