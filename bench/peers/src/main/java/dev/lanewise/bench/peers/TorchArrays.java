package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.cases.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.indexer.Indexer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The native objects of one kernel, freed with it and not by the garbage collector. */
final class TorchArrays {
  private final List<Pointer> owned = new ArrayList<>();

  /** {@return something that is freed with the kernel} */
  <P extends Pointer> P own(P pointer) {
    owned.add(pointer);
    return pointer;
  }

  /** {@return an array with these values} */
  Tensor of(float[] values, Shape shape) {
    return own(Tensor.create(values, longs(shape)));
  }

  /** {@return an array of the type with these values} */
  Tensor of(DType dtype, float[] values, long... dims) {
    return typed(dtype, Tensor.create(values, dims));
  }

  /** {@return an array with whatever was in its memory} */
  Tensor empty(DType dtype, long... dims) {
    return typed(dtype, torch.empty(dims));
  }

  /** {@return an array of {@code f32} with whatever was in its memory} */
  Tensor empty(Shape shape) {
    return own(torch.empty(longs(shape)));
  }

  private Tensor typed(DType dtype, Tensor floats) {
    ScalarType type =
        switch (dtype) {
          case F32 -> ScalarType.Float;
          case F64 -> ScalarType.Double;
          case I32 -> ScalarType.Int;
          case I64 -> ScalarType.Long;
          case BOOL -> ScalarType.Bool;
          case F16 -> ScalarType.Half;
          case BF16 -> ScalarType.BFloat16;
        };
    try (floats) {
      return own(floats.to(type)); // a handle of the same array if it has the type
    }
  }

  /** {@return extents as libtorch takes them} */
  static long[] longs(Shape shape) {
    return Arrays.stream(shape.dims()).asLongStream().toArray();
  }

  /** Frees everything. */
  void close() {
    owned.reversed().forEach(Pointer::close);
  }

  /**
   * {@return a kernel that writes into one of the arrays}
   *
   * @param out the array
   * @param computation computes once; what it returns is freed at once
   */
  Kernel kernel(Tensor out, Supplier<? extends Pointer> computation) {
    return kernel(List.of(out), computation);
  }

  /**
   * {@return a kernel that writes into some of the arrays}
   *
   * @param outs the arrays, whose numbers one after the other are the answer
   * @param computation computes once; what it returns is freed at once
   */
  Kernel kernel(List<Tensor> outs, Supplier<? extends Pointer> computation) {
    return inPlace(outs, () -> computation.get().close());
  }

  /**
   * {@return a kernel that changes some of the arrays by their own methods, which return the very
   * handle that they are called on}
   *
   * @param outs the arrays, whose numbers one after the other are the answer
   * @param computation computes once, and frees what it makes
   */
  Kernel inPlace(List<Tensor> outs, Runnable computation) {
    return new TorchKernel(
        () -> {
          computation.run();
          return List.of();
        },
        outs);
  }

  /**
   * {@return a kernel whose calls allocate their result}
   *
   * @param computation computes once
   */
  Kernel kernel(Supplier<Tensor> computation) {
    return allocating(() -> List.of(computation.get()));
  }

  /**
   * {@return a kernel whose calls allocate several results}
   *
   * @param computation computes once
   */
  Kernel allocating(Supplier<List<Tensor>> computation) {
    return new TorchKernel(computation, List.of());
  }

  /**
   * {@return a kernel of gradients: the way back alone, of results that were computed before}
   *
   * @param results what depends on the arguments
   * @param gradients by the results
   * @param arguments whose gradients are the answer
   */
  Kernel gradients(List<Tensor> results, List<Tensor> gradients, List<Tensor> arguments) {
    TensorVector of = own(vector(results));
    TensorVector by = own(vector(arguments));
    TensorVector given = own(vector(gradients));
    BoolOptional again = own(new BoolOptional(true));
    return allocating(
        () -> {
          try (TensorVector found = torch.grad(of, by, given, again, false, false)) {
            return handles(found);
          }
        });
  }

  /**
   * {@return the gradient by an argument}
   *
   * @param result what depends on it
   * @param gradient by the result
   * @param argument by what
   */
  static Tensor gradient(Tensor result, Tensor gradient, Tensor argument) {
    try (TensorVector of = new TensorVector(result);
        TensorVector given = new TensorVector(gradient);
        TensorVector by = new TensorVector(argument);
        BoolOptional never = new BoolOptional(false);
        TensorVector found = torch.grad(of, by, given, never, false, false)) {
      return handles(found).getFirst();
    }
  }

  private static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(tensors.toArray(Tensor[]::new));
  }

  /** {@return handles of a vector's own, which outlive it} */
  private static List<Tensor> handles(TensorVector tensors) {
    List<Tensor> handles = new ArrayList<>();
    for (long i = 0; i < tensors.size(); i++) {
      handles.add(new Tensor(tensors.get(i)));
    }
    return handles;
  }

  private final class TorchKernel implements Kernel {
    private final Supplier<List<Tensor>> computation;
    private final List<Tensor> fixed;
    private List<Tensor> latest = List.of();
    private Tensor flat;
    private Indexer numbers;

    TorchKernel(Supplier<List<Tensor>> computation, List<Tensor> fixed) {
      this.computation = computation;
      this.fixed = fixed;
    }

    @Override
    public void run() {
      forget();
      latest = computation.get();
    }

    @Override
    public double element(int index) {
      if (numbers == null) {
        flat = flattened(fixed.isEmpty() ? latest : fixed);
        numbers = flat.createIndexer();
      }
      return numbers.getDouble(index);
    }

    /** {@return the numbers of all one after the other, as doubles} */
    private static Tensor flattened(List<Tensor> outs) {
      try (PointerScope _ = new PointerScope()) {
        List<Tensor> parts = new ArrayList<>();
        outs.forEach(out -> parts.add(out.reshape(-1).to(ScalarType.Double)));
        Tensor all = torch.cat(vector(parts));
        all.retainReference(); // outlives the scope
        return all;
      }
    }

    private void forget() {
      close(numbers);
      close(flat);
      latest.forEach(TorchKernel::close);
      numbers = null;
      flat = null;
      latest = List.of();
    }

    private static void close(AutoCloseable one) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException("libtorch: " + one + " cannot be freed", e);
      }
    }

    @Override
    public void close() {
      forget();
      TorchArrays.this.close();
    }
  }
}
