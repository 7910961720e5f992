package dev.lanewise.graph;

import static dev.lanewise.graph.SpecCodec.object;

import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What calls do, in files: an object whose field {@code op} says which of {@link Op} it is. */
final class OpCodec {
  private OpCodec() {}

  static Map<String, Object> write(Op op) {
    return switch (op) {
      case Op.Elementwise one ->
          object(
              "op", "elementwise",
              "exprs", one.exprs().stream().map(ExprCodec::write).toList(),
              "scalars", numbers(one.scalars()));
      case Op.Reduce one ->
          object(
              "op", "reduce",
              "by", one.op().name(),
              "expr", ExprCodec.write(one.expr()),
              "axes", one.axes(),
              "scalars", numbers(one.scalars()));
      case Op.Matmul one ->
          object(
              "op", "matmul",
              "alpha", Fields.number(one.alpha()),
              "beta", Fields.number(one.beta()),
              "epilogue", epilogue(one.epilogue()),
              "scalars", numbers(one.scalars()));
      case Op.Conv one ->
          object(
              "op", "conv",
              "spec", SpecCodec.write(one.spec()),
              "epilogue", epilogue(one.epilogue()),
              "scalars", numbers(one.scalars()));
      case Op.Copy _ -> object("op", "copy");
      case Op.Random one ->
          object(
              "op", "random",
              "distribution", one.distribution().name(),
              "seed", one.seed(),
              "stream", one.stream().number());
      case Op.Fixed one ->
          object(
              "op", "kernel",
              "kernel", one.kernel().name(),
              "attributes", one.attributes().stream().map(SpecCodec::write).toList());
      case Op.MappedMatmul _ -> throw new AssertionError("made by passes, which no file is of");
      case FlowOp flow ->
          throw new GraphException(
              "save: a file has no "
                  + flow.name()
                  + "; choose with Tensor.where, or repeat in Java while the function is traced");
    };
  }

  static Op read(Fields from) {
    return switch (from.get("op").text()) {
      case "elementwise" -> {
        List<Expr> exprs = new ArrayList<>();
        from.get("exprs").list().forEach(expr -> exprs.add(ExprCodec.read(expr)));
        yield new Op.Elementwise(exprs, scalars(from));
      }
      case "reduce" ->
          new Op.Reduce(
              from.get("by").constant(ReduceOp.class),
              ExprCodec.read(from.get("expr")),
              Arrays.stream(from.get("axes").integers()).boxed().toList(),
              scalars(from));
      case "matmul" ->
          new Op.Matmul(
              from.get("alpha").number(), from.get("beta").number(), epilogue(from), scalars(from));
      case "conv" -> {
        if (!(SpecCodec.read(from.get("spec")) instanceof ConvSpec spec)) {
          throw from.get("spec").wrong("a convolution", from.get("spec").value(), null);
        }
        yield new Op.Conv(spec, epilogue(from), scalars(from));
      }
      case "copy" -> new Op.Copy();
      case "random" ->
          new Op.Random(
              from.get("distribution").constant(Distribution.class),
              from.get("seed").whole(Long.MIN_VALUE, Long.MAX_VALUE),
              RandomStream.fixed(from.get("stream").whole(0, Long.MAX_VALUE)));
      case "kernel" ->
          new Op.Fixed(
              from.get("kernel").constant(Kernel.class),
              from.get("attributes").list().stream().map(SpecCodec::read).toList());
      default ->
          throw from.get("op")
              .wrong("an operation that this version knows", from.get("op").value(), null);
    };
  }

  private static Object epilogue(Expr epilogue) {
    return epilogue == null ? null : ExprCodec.write(epilogue);
  }

  private static Expr epilogue(Fields from) {
    Fields epilogue = from.get("epilogue");
    return epilogue.isNull() ? null : ExprCodec.read(epilogue);
  }

  private static Object numbers(Scalars scalars) {
    return Arrays.stream(scalars.now()).mapToObj(Fields::number).toList();
  }

  private static Scalars scalars(Fields from) {
    return Scalars.fixed(from.get("scalars").numbers());
  }
}
