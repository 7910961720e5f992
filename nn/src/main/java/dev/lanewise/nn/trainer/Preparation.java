package dev.lanewise.nn.trainer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.internal.Samples;
import java.util.Iterator;
import java.util.List;

/** Modules and batches are brought to where they compute. */
final class Preparation {
  private Preparation() {}

  /**
   * Makes the weights of a module, if that is still to do, where the settings want them.
   *
   * @param batches of whose first the shape is asked then
   * @throws IllegalArgumentException if the weights are elsewhere, or there is no batch
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
    Backend backend =
        module.weights().isEmpty()
            ? asked == null ? Backends.best() : asked
            : module.weights().getFirst().value().backend();
    if (asked != null && asked != backend) {
      throw new IllegalArgumentException(
          ("Trainer: '%s' has its weights on '%s' already, not on '%s'; choose device(\"auto\"), or"
                  + " give a module without weights")
              .formatted(module.name(), backend.name(), asked.name()));
    }
    return backend;
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
