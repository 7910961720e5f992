package dev.lanewise.nn.optim;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A weight with the arrays of its state, and what is computed from them. */
final class Slot {
  private static final List<Expr> SWAPPED = List.of(Expr.arg(1), Expr.arg(0));
  private static final double[] NO_SCALARS = {};

  private final Weight weight;
  private final FusedUpdate update;
  private final List<String> names = new ArrayList<>();

  /** What the update reads, the gradient first, then all that it writes, then what is shared. */
  private final NdArray[] ins;

  private final NdArray[] outs;

  /** The average if there is one, as outputs of a kernel that writes nothing else. */
  private final NdArray[] average;

  /**
   * Makes the state of a weight.
   *
   * @param factor what the gradient is multiplied by, or {@code null}
   */
  Slot(Weight weight, FusedUpdate fused, Update update, boolean averages, NdArray factor) {
    NdArray data = weight.value().data();
    this.weight = weight;
    this.update = fused;
    List<NdArray> written = new ArrayList<>(List.of(data));
    for (Update.State state : update.states()) {
      names.add(weight.name() + "/" + state.name());
      written.add(filled(data, state.first()));
    }
    if (averages) {
      names.add(weight.name() + "/average");
      written.add(filled(data, 0));
    }
    this.outs = written.toArray(NdArray[]::new);
    this.ins = new NdArray[outs.length + (factor == null ? 1 : 2)];
    System.arraycopy(outs, 0, ins, 1, outs.length);
    if (factor != null) {
      ins[outs.length + 1] = factor;
    }
    this.average = averages ? new NdArray[] {outs[outs.length - 1]} : new NdArray[0];
  }

  private NdArray filled(NdArray like, double value) {
    return Tensor.full(Backends.of(like), like.dtype(), like.shape(), value).data();
  }

  Weight weight() {
    return weight;
  }

  /** {@return who computes; somebody else while a graph is traced} */
  private Backend backend() {
    return Backends.of(outs[0]);
  }

  /** {@return what the arrays of the state are called, the weight's name before the state's} */
  List<String> names() {
    return names;
  }

  /** {@return the arrays of the state, in the order of their names} */
  List<NdArray> state() {
    return Arrays.asList(outs).subList(1, outs.length);
  }

  /** Throws if a gradient does not fit the weight. */
  void check(NdArray gradient, String by) {
    NdArray data = weight.value().data();
    if (data != outs[0]) {
      throw new IllegalStateException(
          ("%s: '%s' moved to backend '%s' after its state was made on '%s'; compile again with a"
                  + " new optimizer, or call to(backend) before the first step")
              .formatted(by, weight.name(), data.device().name(), outs[0].device().name()));
    }
    gradient.storage().requireAlive(by);
    if (!gradient.shape().equals(data.shape())) {
      throw new ShapeException(misfit(gradient, by));
    }
    if (gradient.dtype() != data.dtype()) {
      throw new DTypeException(misfit(gradient, by));
    }
    if (gradient.device() != data.device()) {
      throw new IllegalArgumentException(
          ("%s: the gradient of '%s' lives on backend '%s', the weight on '%s'; move one with"
                  + " to(backend)")
              .formatted(by, weight.name(), gradient.device().name(), data.device().name()));
    }
  }

  private String misfit(NdArray gradient, String by) {
    NdArray data = weight.value().data();
    return "%s: the gradient of '%s' must be %s %s, as the weight is, not %s %s"
        .formatted(
            by, weight.name(), data.dtype(), data.shape(), gradient.dtype(), gradient.shape());
  }

  void step(NdArray gradient, String by) {
    ins[0] = gradient;
    backend().elementwise(update.exprs(), outs, update.scalars(), ins);
    ins[0] = null;
    weight.value().changed(by);
  }

  /** Takes a step without a gradient: the weight stays, its average follows it. */
  void rest() {
    if (average.length > 0) {
      // Nothing reads a gradient here, but no place of a call may be empty.
      ins[0] = ins[1];
      backend().elementwise(update.averageAlone(), average, update.scalars(), ins);
      ins[0] = null;
    }
  }

  /** Exchanges the weight and its average. */
  void swap(String by) {
    NdArray[] both = {ins[1], average[0]};
    backend().elementwise(SWAPPED, both, NO_SCALARS, both);
    weight.value().changed(by);
  }
}
