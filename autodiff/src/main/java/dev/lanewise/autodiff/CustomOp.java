package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * An operation of one's own, with its gradient. {@link #forward} computes, with nothing recorded;
 * {@link #backward} gives the gradients by the inputs. If it is written in tensor operations, of
 * the inputs and the results that forward has saved, the gradient can itself be differentiated.
 *
 * {@snippet :
 * CustomOp cube =
 *     CustomOp.of(
 *         "cube",
 *         (call, in) -> {
 *           call.save(in[0]);
 *           return in[0].square().mul(in[0]);
 *         },
 *         (call, up) -> new Tensor[] {call.saved(0).square().mul(3).mul(up)});
 * Tensor y = cube.apply(x);
 * GradientCheck.of(cube::apply).require(Tensor.of(new double[] {0.5, -2}));
 * }
 *
 * <p>An operation with several results is a subclass of this. What is saved is kept as it is, not
 * copied: a change in place before the gradient is computed is found as for any other operation.
 */
public abstract class CustomOp {
  private final String name;

  /**
   * Names the operation.
   *
   * @param name what {@link Tensor#gradFn} and errors call it
   */
  protected CustomOp(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  /** One call of an operation: what its two halves share. */
  public static final class Call {
    private final boolean[] needed;
    private Tensor[] saved = {};

    private Call(Tensor... inputs) {
      needed = new boolean[inputs.length];
      for (int i = 0; i < needed.length; i++) {
        needed[i] = inputs[i].node != null && Grad.isOn();
      }
    }

    /**
     * Keeps tensors for {@link CustomOp#backward}. Second derivatives flow through inputs and
     * results; other tensors are constants to them.
     *
     * @param tensors what is kept, instead of what was before
     */
    public void save(Tensor... tensors) {
      saved = tensors.clone();
    }

    /**
     * {@return a tensor that was kept}
     *
     * @param index its place in the call of {@link #save}
     */
    public Tensor saved(int index) {
      return saved[index];
    }

    /**
     * {@return whether a gradient by an input may be asked for; if not, what backward gives for it
     * is not looked at}
     *
     * @param input the number of the input
     */
    public boolean needs(int input) {
      return needed[input];
    }
  }

  /**
   * {@return the results} Called with nothing recorded.
   *
   * @param call keeps what backward needs
   * @param inputs what {@link #apply} was given
   */
  protected abstract Tensor[] forward(Call call, Tensor... inputs);

  /**
   * {@return the gradient by each input, of its shape and type; {@code null} for one that is zero
   * or not needed}
   *
   * @param call what forward has kept
   * @param ups the gradient by each result; of zeros if nothing depends on it. They are only read
   */
  protected abstract Tensor[] backward(Call call, Tensor... ups);

  /**
   * {@return an operation with one result}
   *
   * @param name what {@link Tensor#gradFn} and errors call it
   * @param forward computes the result from the inputs, and keeps what backward needs
   * @param backward gives the gradient by each input from that by the result
   */
  public static CustomOp of(
      String name,
      BiFunction<Call, Tensor[], Tensor> forward,
      BiFunction<Call, Tensor, Tensor[]> backward) {
    return new CustomOp(name) {
      @Override
      protected Tensor[] forward(Call call, Tensor... inputs) {
        return new Tensor[] {forward.apply(call, inputs)};
      }

      @Override
      protected Tensor[] backward(Call call, Tensor... ups) {
        return backward.apply(call, ups[0]);
      }
    };
  }

  /**
   * {@return the one result}
   *
   * @param inputs what it is computed from
   * @throws IllegalArgumentException if the operation has not one result
   */
  public final Tensor apply(Tensor... inputs) {
    Tensor[] results = applyAll(inputs);
    if (results.length != 1) {
      throw new IllegalArgumentException(
          name + ": has " + results.length + " results, not one; call applyAll");
    }
    return results[0];
  }

  /**
   * {@return all results}
   *
   * @param inputs what they are computed from
   * @throws IllegalArgumentException if forward gives no tensor for a result
   */
  public final Tensor[] applyAll(Tensor... inputs) {
    Call call = new Call(inputs);
    Tensor[] results;
    try (Grad _ = Grad.off()) {
      results = forward(call, inputs.clone()).clone();
    }
    for (int i = 0; i < results.length; i++) {
      if (results[i] == null) {
        throw new IllegalArgumentException(name + ": forward gave null as result " + i);
      }
      if (isKnown(results[i], inputs) || isKnown(results[i], Arrays.copyOf(results, i))) {
        results[i] = new Tensor(results[i].data); // has a place in the graph of its own
      }
    }
    if (Grad.records(inputs)) {
      record(call, inputs, results);
    }
    return results;
  }

  private static boolean isKnown(Tensor result, Tensor... others) {
    return result.node != null || Arrays.asList(others).contains(result);
  }

  private void record(Call call, Tensor[] inputs, Tensor... results) {
    Chain chain = new Chain(call, inputs, results);
    if (results.length == 1 && results[0].dtype().isFloating()) {
      Node.record(name, results[0], chain, inputs);
      return;
    }
    // The results' gradients meet in one node. What is handed to it says only that they are in.
    Tensor meeting = Tensor.scalar(inputs[0].backend(), DType.F32, 0);
    Node.record(name, meeting, chain, inputs);
    for (int i = 0; i < results.length; i++) {
      if (results[i].dtype().isFloating()) {
        int number = i;
        Gradient part =
            (_, _, up) -> {
              chain.ups[number] = up;
              return Tensor.scalar(up.backend(), DType.F32, 0);
            };
        Node.record(name, results[i], part, meeting);
      }
    }
  }

  /** What a tensor is like, without its numbers. */
  private record Kind(Backend backend, DType dtype, Shape shape) {
    static Kind of(Tensor x) {
      return new Kind(x.backend(), x.dtype(), x.shape());
    }

    static Kind[] of(Tensor... tensors) {
      return Arrays.stream(tensors).map(Kind::of).toArray(Kind[]::new);
    }

    @Override
    public String toString() {
      return dtype + " " + shape + " on '" + backend.name() + "'";
    }
  }

  /** The gradient of one call. */
  private final class Chain extends JointGradient {
    private final Call call;
    private final Kind[] inputs;
    private final Kind[] results;

    /** The gradients by several results; {@code null} by one that has none. */
    private Tensor[] ups;

    Chain(Call call, Tensor[] inputs, Tensor... results) {
      this.call = call;
      this.inputs = Kind.of(inputs);
      this.results = Kind.of(results);
      this.ups = new Tensor[results.length];
    }

    @Override
    Tensor[] byAll(Tensor up) {
      Tensor[] all = results.length == 1 ? new Tensor[] {up} : ups.clone();
      for (int i = 0; i < all.length; i++) {
        if (all[i] == null) {
          all[i] = Tensor.zeros(results[i].backend, results[i].dtype, results[i].shape);
        }
      }
      Tensor[] gradients = backward(call, all);
      requireFit(gradients);
      return gradients;
    }

    private void requireFit(Tensor... gradients) {
      if (gradients.length != inputs.length) {
        throw new GradientException(
            ("custom operation '%s': backward gave %d gradients for %d inputs; give null for one"
                    + " that has none")
                .formatted(name, gradients.length, inputs.length));
      }
      for (int i = 0; i < gradients.length; i++) {
        Kind kind = gradients[i] == null || !call.needs(i) ? inputs[i] : Kind.of(gradients[i]);
        if (!kind.equals(inputs[i])) {
          throw new GradientException(
              ("custom operation '%s': backward gave %s as the gradient by input %d, which is %s;"
                      + " both must be alike")
                  .formatted(name, kind, i, inputs[i]));
        }
      }
    }

    /** Backward may give what it has saved, or the same tensor twice. */
    @Override
    public boolean isNew() {
      return false;
    }

    @Override
    public void forget() {
      super.forget();
      ups = new Tensor[results.length];
    }
  }
}
