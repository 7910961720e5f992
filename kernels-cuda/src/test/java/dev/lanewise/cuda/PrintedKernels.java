package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.cuda.Walk.Form;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every kind of kernel that is printed from expressions, reductions and copies, for whoever
 * compiles or runs them.
 */
final class PrintedKernels {
  /** The types that expressions are computed in. */
  static final List<DType> COMPUTED = List.of(DType.F32, DType.F64, DType.I32, DType.I64);

  private PrintedKernels() {}

  /** {@return the kernels, each under a name that says which it is} */
  static Map<String, KernelSource> all() {
    Map<String, KernelSource> all = new LinkedHashMap<>();
    for (DType dtype : COMPUTED) {
      for (UnaryOp op : UnaryOp.values()) {
        if (!dtype.isInteger() || op.isForIntegers()) {
          Expr expr = Expr.unary(op, Expr.arg(0));
          all.put(op + " " + dtype, elementwise(expr, dtype, 1, false, Form.DENSE, Form.DENSE));
        }
      }
      for (BinaryOp op : BinaryOp.values()) {
        if (!dtype.isInteger() || op.isForIntegers()) {
          Expr expr = Expr.binary(op, Expr.arg(0), Expr.arg(1));
          all.put(
              op + " " + dtype,
              elementwise(expr, dtype, 1, false, Form.DENSE, Form.DENSE, Form.DENSE));
        }
      }
      patterns(all, dtype);
      reductions(all, dtype);
    }
    copies(all);
    return all;
  }

  private static void patterns(Map<String, KernelSource> all, DType dtype) {
    Expr value = Expr.constant(dtype.isInteger() ? Integer.MIN_VALUE : Double.NEGATIVE_INFINITY);
    Expr x = Expr.arg(0);
    Expr expr = Expr.select(x.gt(Expr.param(0)), x.add(Expr.arg(1)), value.mul(Expr.param(1)));
    for (Form out : List.of(Form.DENSE, Form.STRIDED)) {
      for (Form left : Form.values()) {
        for (Form right : Form.values()) {
          for (boolean wide : new boolean[] {false, true}) {
            for (int rank : new int[] {1, 2, 5}) {
              all.put(
                  "select " + dtype + " " + out + left + right + wide + rank,
                  elementwise(expr, dtype, rank, wide, out, left, right));
            }
          }
        }
      }
    }
  }

  private static void reductions(Map<String, KernelSource> all, DType dtype) {
    for (ReduceOp op : ReduceOp.values()) {
      for (ReducePass.Worker worker : ReducePass.Worker.values()) {
        for (DType out : List.of(dtype, DType.BOOL)) {
          for (boolean wide : new boolean[] {false, true}) {
            for (int rank : new int[] {0, 1, 3}) {
              all.put(
                  "reduce " + op + " " + dtype + out + worker + wide + rank,
                  ReduceCode.print(
                      new ReducePass.Key(
                          op,
                          Expr.arg(0).mul(Expr.arg(1)).add(Expr.param(0)),
                          dtype,
                          out,
                          List.of(DType.BOOL, dtype),
                          rank,
                          rank,
                          worker,
                          wide)));
            }
          }
        }
      }
    }
  }

  private static void copies(Map<String, KernelSource> all) {
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        for (Form form : Form.values()) {
          CopyCall.Key key = new CopyCall.Key(from, to, form, Form.STRIDED, 3, form == Form.SCALAR);
          all.put("copy " + from + to + form, CopyCall.print(key));
        }
      }
    }
  }

  /** {@return a kernel of one expression} */
  static KernelSource elementwise(Expr expr, DType dtype, int rank, boolean wide, Form... forms) {
    List<DType> types = new ArrayList<>();
    Arrays.stream(forms).forEach(_ -> types.add(dtype));
    return ElementwiseCall.print(
        new ElementwiseCall.Key(List.of(expr), dtype, types, List.of(forms), rank, wide));
  }
}
