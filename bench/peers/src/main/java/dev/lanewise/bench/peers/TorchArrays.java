package dev.lanewise.bench.peers;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.cases.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.bytedeco.pytorch.Tensor;
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
    if (dtype == DType.F32) {
      return own(floats);
    }
    try (floats) {
      return own(floats.to(dtype == DType.F64 ? ScalarType.Double : ScalarType.Long));
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
    return new TorchKernel(
        () -> {
          computation.get().close();
          return null;
        },
        out);
  }

  /**
   * {@return a kernel whose calls allocate their result}
   *
   * @param computation computes once
   */
  Kernel kernel(Supplier<Tensor> computation) {
    return new TorchKernel(computation, null);
  }

  private final class TorchKernel implements Kernel {
    private final Supplier<Tensor> computation;
    private final Tensor fixed;
    private Tensor latest;
    private Tensor flat;
    private Indexer numbers;

    TorchKernel(Supplier<Tensor> computation, Tensor fixed) {
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
        flat = (fixed == null ? latest : fixed).reshape(-1);
        numbers = flat.createIndexer();
      }
      return numbers.getDouble(index);
    }

    private void forget() {
      for (AutoCloseable one : new AutoCloseable[] {numbers, flat, latest}) {
        close(one);
      }
      numbers = null;
      flat = null;
      latest = null;
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
