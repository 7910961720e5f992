package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.cuda.Walk.Form;

/**
 * A copy within a device by a kernel, made ready.
 *
 * @param key which kernel
 * @param walk the loops over the output and what is copied
 */
record CopyCall(Key key, Walk walk) {

  /**
   * What one kernel serves.
   *
   * @param from the type of what is copied
   * @param to the type of the output
   * @param source how the elements of what is copied are found
   * @param target how those of the output are found
   * @param rank how many axes the loops have
   * @param wide whether indices need more than 32 bits
   */
  record Key(DType from, DType to, Form source, Form target, int rank, boolean wide) {
    boolean splits() {
      return source == Form.STRIDED || target == Form.STRIDED;
    }
  }

  /**
   * {@return a copy}
   *
   * @param from what is copied, of the output's shape
   * @param to the output
   */
  static CopyCall of(NdArray from, NdArray to) {
    Walk walk = Walk.of(to, from);
    boolean wide = IndexCode.wide(walk.size(), walk.reach());
    Key key = new Key(from.dtype(), to.dtype(), walk.form(1), walk.form(0), walk.rank(), wide);
    return new CopyCall(key, walk);
  }

  /** Gives a launch its arguments. */
  void pass(Arguments arguments, long from, long to) {
    arguments.pointer(to).pointer(from).int64(walk.size());
    if (key.splits()) {
      IndexCode.passExtents(arguments, walk);
    }
    if (key.target == Form.STRIDED) {
      IndexCode.passStrides(arguments, walk, 0);
    }
    if (key.source == Form.STRIDED) {
      IndexCode.passStrides(arguments, walk, 1);
    }
  }

  /** {@return the kernel} */
  static KernelSource print(Key key) {
    String parameters =
        "%s* to, const %s* from, long long n"
                .formatted(CudaTypes.stored(key.to), CudaTypes.stored(key.from))
            + (key.splits() ? IndexCode.extents("d", key.rank) : "")
            + (key.target == Form.STRIDED ? IndexCode.strides("to_s", key.rank) : "")
            + (key.source == Form.STRIDED ? IndexCode.strides("from_s", key.rank) : "");
    String element = "from[" + place(key.source, "from_s", key.rank) + "]";
    String statements =
        (key.splits() ? IndexCode.split("    ", "i", "d", "i", key.rank) : "")
            + "    const %s x = %s;\n".formatted(CudaTypes.stored(key.from), element)
            + "    to[%s] = %s;\n"
                .formatted(
                    place(key.target, "to_s", key.rank),
                    Conversions.convert(key.from, key.to, "x"));
    return new KernelSource(
        "copy",
        IndexCode.types(key.wide)
            + Conversions.functions(key.from, key.to)
            + ElementwiseCall.loop("copy", parameters, statements));
  }

  private static String place(Form form, String stride, int rank) {
    return switch (form) {
      case DENSE -> "i";
      case SCALAR -> "0";
      case STRIDED -> IndexCode.place("i", stride, rank);
    };
  }
}
