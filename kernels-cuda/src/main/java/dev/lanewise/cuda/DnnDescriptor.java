package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * A descriptor of cuDNN: of a tensor, a filter, a convolution or a pooling. It lies in main memory,
 * and is not used by the device.
 */
final class DnnDescriptor implements PlanCache.Plan {
  /** The kinds of descriptors, with the functions that make and destroy them. */
  private enum Kind {
    TENSOR(Cudnn::cudnnCreateTensorDescriptor, Cudnn::cudnnDestroyTensorDescriptor),
    FILTER(Cudnn::cudnnCreateFilterDescriptor, Cudnn::cudnnDestroyFilterDescriptor),
    CONVOLUTION(Cudnn::cudnnCreateConvolutionDescriptor, Cudnn::cudnnDestroyConvolutionDescriptor),
    POOLING(Cudnn::cudnnCreatePoolingDescriptor, Cudnn::cudnnDestroyPoolingDescriptor);

    private final ToIntFunction<MemorySegment> create;
    private final ToIntFunction<MemorySegment> destroy;

    Kind(ToIntFunction<MemorySegment> create, ToIntFunction<MemorySegment> destroy) {
      this.create = create;
      this.destroy = destroy;
    }

    private String text(String verb) {
      return "cudnn"
          + verb
          + name().charAt(0)
          + name().substring(1).toLowerCase(Locale.ROOT)
          + "Descriptor";
    }
  }

  /** Sets what a new descriptor describes. */
  private interface Setting {
    void set(MemorySegment handle, Arena arena);
  }

  private final Kind kind;
  private final MemorySegment handle;

  private DnnDescriptor(Kind kind, MemorySegment handle) {
    this.kind = kind;
    this.handle = handle;
  }

  private static DnnDescriptor of(Kind kind, Setting setting) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Cudnn.C_POINTER);
      Status.dnn(kind.text("Create"), kind.create.applyAsInt(pointer));
      DnnDescriptor made = new DnnDescriptor(kind, pointer.get(Cudnn.C_POINTER, 0));
      try {
        setting.set(made.handle, arena);
      } catch (DeviceException failed) {
        Closing.after(failed, made::close);
        throw failed;
      }
      return made;
    }
  }

  private static MemorySegment ints(Arena arena, int... values) {
    return arena.allocateFrom(Cudnn.C_INT, values);
  }

  /** {@return cuDNN's number for a type} */
  static int type(DType dtype) {
    return switch (dtype) {
      case F32 -> Cudnn.CUDNN_DATA_FLOAT();
      case F64 -> Cudnn.CUDNN_DATA_DOUBLE();
      case F16, BF16, I32, I64, BOOL ->
          throw new IllegalArgumentException("cuDNN is not asked to compute in " + dtype);
    };
  }

  /**
   * {@return the descriptor of an array in row-major order without gaps}
   *
   * @param dtype the type of its elements
   * @param dims its extents, 4 or 5 of them, none of which is 0
   */
  static DnnDescriptor tensor(DType dtype, int... dims) {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return of(
        Kind.TENSOR,
        (handle, arena) ->
            Status.dnn(
                "cudnnSetTensorNdDescriptor",
                Cudnn.cudnnSetTensorNdDescriptor(
                    handle, type(dtype), dims.length, ints(arena, dims), ints(arena, strides))));
  }

  /**
   * {@return the descriptor of a filter in row-major order without gaps}
   *
   * @param dtype the type of its elements
   * @param dims its extents, 4 or 5 of them, none of which is 0
   */
  static DnnDescriptor filter(DType dtype, int... dims) {
    return of(
        Kind.FILTER,
        (handle, arena) ->
            Status.dnn(
                "cudnnSetFilterNdDescriptor",
                Cudnn.cudnnSetFilterNdDescriptor(
                    handle,
                    type(dtype),
                    Cudnn.CUDNN_TENSOR_NCHW(),
                    dims.length,
                    ints(arena, dims))));
  }

  /**
   * {@return the descriptor of a convolution, which does not flip the filter}
   *
   * @param dtype the type that is computed in
   * @param window stride, padding and dilation
   * @param groups into how many independent parts the channels fall
   * @param math which instructions may be used
   */
  static DnnDescriptor convolution(DType dtype, DnnWindow window, int groups, int math) {
    return of(
        Kind.CONVOLUTION,
        (handle, arena) -> {
          Status.dnn(
              "cudnnSetConvolutionNdDescriptor",
              Cudnn.cudnnSetConvolutionNdDescriptor(
                  handle,
                  window.rank(),
                  ints(arena, window.padding()),
                  ints(arena, window.stride()),
                  ints(arena, window.dilation()),
                  Cudnn.CUDNN_CROSS_CORRELATION(),
                  type(dtype)));
          Status.dnn(
              "cudnnSetConvolutionGroupCount", Cudnn.cudnnSetConvolutionGroupCount(handle, groups));
          Status.dnn(
              "cudnnSetConvolutionMathType", Cudnn.cudnnSetConvolutionMathType(handle, math));
        });
  }

  /**
   * {@return the descriptor of a pooling}
   *
   * @param mode what is computed of a window
   * @param window extents, stride and padding
   */
  static DnnDescriptor pooling(int mode, DnnWindow window) {
    return of(
        Kind.POOLING,
        (handle, arena) ->
            Status.dnn(
                "cudnnSetPoolingNdDescriptor",
                Cudnn.cudnnSetPoolingNdDescriptor(
                    handle,
                    mode,
                    Cudnn.CUDNN_PROPAGATE_NAN(),
                    window.rank(),
                    ints(arena, window.kernel()),
                    ints(arena, window.padding()),
                    ints(arena, window.stride()))));
  }

  /** {@return the descriptor as cuDNN takes it} */
  MemorySegment handle() {
    return handle;
  }

  @Override
  public void close() {
    Status.dnn(kind.text("Destroy"), kind.destroy.applyAsInt(handle));
  }
}
