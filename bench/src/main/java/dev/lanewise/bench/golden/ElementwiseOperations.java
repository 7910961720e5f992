package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Functions of each element. */
final class ElementwiseOperations {
  static final Map<String, Operation> TABLE = new HashMap<>();

  static {
    functions();
    activations();
    ofTwo();
    comparisons();
  }

  private ElementwiseOperations() {}

  private static void unary(String name, UnaryOperator<Tensor> function) {
    TABLE.put(name, Operation.of(c -> function.apply(c.x())));
  }

  private static void binary(String name, BinaryOperator<Tensor> function) {
    TABLE.put(name, Operation.of(c -> function.apply(c.x(), c.y())));
  }

  private static void op(String name, Operation.Single operation) {
    TABLE.put(name, Operation.of(operation));
  }

  private static void functions() {
    unary("neg", Tensor::neg);
    unary("abs", Tensor::abs);
    unary("exp", Tensor::exp);
    unary("expm1", Tensor::expm1);
    unary("sin", Tensor::sin);
    unary("cos", Tensor::cos);
    unary("tan", Tensor::tan);
    unary("tanh", Tensor::tanh);
    unary("sinh", Tensor::sinh);
    unary("cosh", Tensor::cosh);
    unary("asin", Tensor::asin);
    unary("acos", Tensor::acos);
    unary("atan", Tensor::atan);
    unary("sigmoid", Tensor::sigmoid);
    unary("erf", Tensor::erf);
    unary("square", Tensor::square);
    unary("sign", Tensor::sign);
    unary("floor", Tensor::floor);
    unary("ceil", Tensor::ceil);
    unary("round", Tensor::round);
    unary("log", Tensor::log);
    unary("log1p", Tensor::log1p);
    unary("sqrt", Tensor::sqrt);
    unary("rsqrt", Tensor::rsqrt);
    unary("reciprocal", Tensor::reciprocal);
  }

  private static void activations() {
    unary("relu", Tensor::relu);
    op("leaky_relu", c -> c.x().leakyRelu(c.attributes().real("negative_slope", 0.01)));
    op("elu", c -> c.x().elu(c.attributes().real("alpha", 1)));
    unary("selu", Tensor::selu);
    op("celu", c -> c.x().celu(c.attributes().real("alpha", 1)));
    op(
        "gelu",
        c ->
            c.attributes().text("approximate", "none").equals("tanh")
                ? c.x().geluTanh()
                : c.x().gelu());
    unary("silu", Tensor::silu);
    unary("softplus", Tensor::softplus);
    unary("softsign", Tensor::softSign);
    unary("hardsigmoid", Tensor::hardSigmoid);
    unary("hardswish", Tensor::hardSwish);
    op(
        "hardtanh",
        c -> c.x().hardTanh(c.attributes().real("min_val", -1), c.attributes().real("max_val", 1)));
    unary("relu6", Tensor::relu6);
    unary("mish", Tensor::mish);
    unary("logsigmoid", Tensor::logSigmoid);
    unary("tanhshrink", Tensor::tanhShrink);
    op("softshrink", c -> c.x().softShrink(c.attributes().real("lambd", 0.5)));
    op("glu", c -> c.x().glu(c.axis()));
    op("prelu", c -> c.x().prelu(c.in("w")));
  }

  private static void ofTwo() {
    binary("add", Tensor::add);
    binary("sub", Tensor::sub);
    binary("mul", Tensor::mul);
    binary("div", Tensor::div);
    binary("maximum", Tensor::maximum);
    binary("minimum", Tensor::minimum);
    binary("pow", Tensor::pow);
    op("pow_scalar", c -> c.x().pow(c.attributes().real("exponent")));
    binary("atan2", Tensor::atan2);
  }

  private static void comparisons() {
    binary("eq", Tensor::eq);
    binary("ne", Tensor::ne);
    binary("lt", Tensor::lt);
    binary("le", Tensor::le);
    binary("gt", Tensor::gt);
    binary("ge", Tensor::ge);
    op("where", c -> Tensor.where(c.in("c"), c.x(), c.y()));
    op(
        "clip",
        c ->
            c.x()
                .clamp(
                    c.attributes().real("min", Double.NEGATIVE_INFINITY),
                    c.attributes().real("max", Double.POSITIVE_INFINITY)));
  }
}
