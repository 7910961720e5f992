package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.cuda.Walk.Form;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A call of an elementwise kernel, made ready.
 *
 * @param key which kernel
 * @param walk the loops over the outputs and, behind them, the arguments
 * @param params the scalars
 * @param arrays the outputs and, behind them, the arguments
 */
record ElementwiseCall(Key key, Walk walk, double[] params, NdArray[] arrays) {

  /**
   * What one kernel serves.
   *
   * @param exprs what is computed
   * @param computed the type that is computed in
   * @param types the types of the outputs and, behind them, the arguments
   * @param forms how their elements are found
   * @param rank how many axes the loops have
   * @param wide whether indices need more than 32 bits
   */
  record Key(
      List<Expr> exprs,
      DType computed,
      List<DType> types,
      List<Form> forms,
      int rank,
      boolean wide) {

    int scalars() {
      return exprs.stream().mapToInt(Expr::params).max().orElse(0);
    }

    boolean splits() {
      return forms.contains(Form.STRIDED);
    }
  }

  /** {@return the call of a checked operation} */
  static ElementwiseCall of(ElementwiseSpec spec) {
    NdArray[] arrays = new NdArray[spec.outs().length + spec.ins().length];
    System.arraycopy(spec.outs(), 0, arrays, 0, spec.outs().length);
    System.arraycopy(spec.ins(), 0, arrays, spec.outs().length, spec.ins().length);
    Walk walk = Walk.of(arrays);
    List<DType> types = new ArrayList<>();
    List<Form> forms = new ArrayList<>();
    for (int i = 0; i < arrays.length; i++) {
      types.add(arrays[i].dtype());
      forms.add(walk.form(i));
    }
    boolean wide = IndexCode.wide(walk.size(), walk.reach());
    Key key = new Key(List.copyOf(spec.exprs()), spec.dtype(), types, forms, walk.rank(), wide);
    return new ElementwiseCall(key, walk, spec.params(), arrays);
  }

  /** {@return how many arguments a launch has} */
  int arguments() {
    int count = arrays.length + key.scalars() + 1;
    for (Form form : key.forms) {
      count += form == Form.STRIDED ? walk.rank() : 0;
    }
    return count + (key.splits() ? walk.rank() - 1 : 0);
  }

  /**
   * Gives a launch its arguments.
   *
   * @param arguments receives them
   * @param address tells where an array is
   */
  void pass(Arguments arguments, ToLongFunction<NdArray> address) {
    for (NdArray array : arrays) {
      arguments.pointer(address.applyAsLong(array));
    }
    Scalars.pass(arguments, key.computed, key.scalars(), params);
    arguments.int64(walk.size());
    if (key.splits()) {
      IndexCode.passExtents(arguments, walk);
      for (int i = 0; i < arrays.length; i++) {
        if (key.forms.get(i) == Form.STRIDED) {
          IndexCode.passStrides(arguments, walk, i);
        }
      }
    }
  }

  /** {@return the kernel} */
  static KernelSource print(Key key) {
    int outs = key.exprs.size();
    ExprCode code = new ExprCode(key.exprs, key.computed, "    ");
    StringBuilder parameters = new StringBuilder();
    for (int i = 0; i < key.types.size(); i++) {
      parameters
          .append(i == 0 ? "" : ", ")
          .append(i < outs ? "" : "const ")
          .append(CudaTypes.stored(key.types.get(i)))
          .append("* ")
          .append(name(i, outs));
    }
    parameters.append(Scalars.parameters(key.computed, key.scalars())).append(", long long n");
    StringBuilder loop = new StringBuilder();
    if (key.splits()) {
      parameters.append(IndexCode.extents("d", key.rank));
      loop.append(IndexCode.split("    ", "i", "d", "i", key.rank));
    }
    String[] places = new String[key.types.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] =
          switch (key.forms.get(i)) {
            case DENSE -> "i";
            case SCALAR -> "0";
            case STRIDED -> {
              String stride = name(i, outs) + "_s";
              parameters.append(IndexCode.strides(stride, key.rank));
              yield IndexCode.place("i", stride, key.rank);
            }
          };
    }
    // All is read before anything is written: an output may be an argument.
    for (int i = outs; i < places.length; i++) {
      if (code.reads(i - outs)) {
        String element = name(i, outs) + "[" + places[i] + "]";
        loop.append(
            "    const %s x%d = %s;\n"
                .formatted(
                    CudaTypes.stored(key.computed),
                    i - outs,
                    CudaTypes.read(key.types.get(i), element, key.computed)));
      }
    }
    loop.append(code.statements());
    for (int i = 0; i < outs; i++) {
      loop.append(
          "    %s[%s] = %s;\n"
              .formatted(
                  name(i, outs), places[i], CudaTypes.written(key.types.get(i), code.value(i))));
    }
    return new KernelSource(
        "elementwise",
        IndexCode.types(key.wide)
            + code.functions()
            + loop("elementwise", parameters.toString(), loop.toString()));
  }

  /**
   * {@return a kernel whose threads run together through the steps {@code i} up to {@code n}}
   *
   * @param name the kernel's name
   * @param parameters its parameters, {@code n} among them
   * @param statements what is done in a step
   */
  static String loop(String name, String parameters, String statements) {
    return """
    extern "C" __global__ void __launch_bounds__(%d) %s(%s) {
      const index step = (index) gridDim.x * blockDim.x;
      for (index i = (index) blockIdx.x * blockDim.x + threadIdx.x; i < (index) n; i += step) {
    %s  }
    }
    """
        .formatted(Grid.THREADS, name, parameters, statements);
  }

  private static String name(int array, int outs) {
    return array < outs ? "out" + array : "in" + (array - outs);
  }
}
