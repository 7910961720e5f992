package dev.lanewise.cuda.simt;

import static dev.lanewise.cuda.simt.Node.asDouble;
import static dev.lanewise.cuda.simt.Node.asFloat;
import static dev.lanewise.cuda.simt.Node.bits;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.Collectors;

/**
 * A function of CUDA: its types, and what it does to values in canonical form. Functions of floats
 * are computed in double and rounded.
 */
record Builtin(String name, List<ScalarType> parameters, ScalarType result, Body body) {

  /** Takes up to three values; what is beyond the parameters is arbitrary. */
  interface Body {
    long apply(long x, long y, long z);
  }

  private static final Map<String, List<Builtin>> ALL = new HashMap<>();

  static {
    unary("exp", StrictMath::exp);
    unary("exp2", SpecialFunctions::exp2);
    unary("expm1", StrictMath::expm1);
    unary("log", StrictMath::log);
    unary("log2", SpecialFunctions::log2);
    unary("log10", StrictMath::log10);
    unary("log1p", StrictMath::log1p);
    unary("sin", StrictMath::sin);
    unary("cos", StrictMath::cos);
    unary("tan", StrictMath::tan);
    unary("sinpi", SpecialFunctions::sinpi);
    unary("cospi", SpecialFunctions::cospi);
    unary("asin", StrictMath::asin);
    unary("acos", StrictMath::acos);
    unary("atan", StrictMath::atan);
    unary("sinh", StrictMath::sinh);
    unary("cosh", StrictMath::cosh);
    unary("tanh", StrictMath::tanh);
    unary("asinh", SpecialFunctions::asinh);
    unary("acosh", SpecialFunctions::acosh);
    unary("atanh", SpecialFunctions::atanh);
    unary("erf", ErrorFunctions::erf);
    unary("erfc", ErrorFunctions::erfc);
    unary("erfcx", ErrorFunctions::erfcx);
    unary("erfinv", ErrorFunctions::erfinv);
    unary("normcdf", ErrorFunctions::normcdf);
    unary("sqrt", Math::sqrt);
    unary("rsqrt", x -> 1 / Math.sqrt(x));
    unary("cbrt", StrictMath::cbrt);
    unary("floor", Math::floor);
    unary("ceil", Math::ceil);
    unary("rint", Math::rint);
    unary("trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x));
    unary("fabs", Math::abs);
    binary("atan2", StrictMath::atan2);
    binary("pow", SpecialFunctions::pow);
    binary("fmod", (x, y) -> x % y);
    binary("fmin", (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.min(x, y));
    binary("fmax", (x, y) -> Double.isNaN(x) ? y : Double.isNaN(y) ? x : Math.max(x, y));
    binary("copysign", SpecialFunctions::copysign);
    add(
        "fma",
        ScalarType.DOUBLE,
        3,
        ScalarType.DOUBLE,
        (x, y, z) -> bits(Math.fma(asDouble(x), asDouble(y), asDouble(z))));
    for (String name : new String[] {"fma", "fmaf"}) {
      add(
          name,
          ScalarType.FLOAT,
          3,
          ScalarType.FLOAT,
          (x, y, z) -> bits(Math.fma(asFloat(x), asFloat(y), asFloat(z))));
    }
    predicate("isnan", Double::isNaN);
    predicate("isinf", Double::isInfinite);
    predicate("isfinite", Double::isFinite);
    predicate("signbit", x -> Double.doubleToRawLongBits(x) < 0);
    for (ScalarType type : new ScalarType[] {ScalarType.INT, ScalarType.LLONG}) {
      add("abs", type, 1, type, (x, y, z) -> type.canonical(Math.abs(x)));
      integers("min", type, Math::min);
      integers("max", type, Math::max);
    }
    integers("min", ScalarType.UINT, Math::min);
    integers("max", ScalarType.UINT, Math::max);
    integers("min", ScalarType.ULLONG, (x, y) -> Long.compareUnsigned(x, y) < 0 ? x : y);
    integers("max", ScalarType.ULLONG, (x, y) -> Long.compareUnsigned(x, y) < 0 ? y : x);
    integers("__umulhi", ScalarType.UINT, (x, y) -> x * y >>> 32);
    integers("__umul64hi", ScalarType.ULLONG, Math::unsignedMultiplyHigh);
    reinterpreted("__int_as_float", ScalarType.INT, ScalarType.FLOAT);
    reinterpreted("__float_as_int", ScalarType.FLOAT, ScalarType.INT);
    reinterpreted("__uint_as_float", ScalarType.UINT, ScalarType.FLOAT);
    reinterpreted("__float_as_uint", ScalarType.FLOAT, ScalarType.UINT);
    reinterpreted("__longlong_as_double", ScalarType.LLONG, ScalarType.DOUBLE);
    reinterpreted("__double_as_longlong", ScalarType.DOUBLE, ScalarType.LLONG);
  }

  /** {@return the functions of a name, or null} */
  static List<Builtin> named(String name) {
    return ALL.get(name);
  }

  @Override
  public String toString() {
    return name
        + parameters.stream().map(Object::toString).collect(Collectors.joining(", ", "(", ")"));
  }

  private static void add(
      String name, ScalarType parameter, int count, ScalarType result, Body body) {
    ALL.computeIfAbsent(name, n -> new ArrayList<>())
        .add(new Builtin(name, Collections.nCopies(count, parameter), result, body));
  }

  private static void unary(String name, DoubleUnaryOperator f) {
    add(
        name,
        ScalarType.DOUBLE,
        1,
        ScalarType.DOUBLE,
        (x, y, z) -> bits(f.applyAsDouble(asDouble(x))));
    Body single = (x, y, z) -> bits((float) f.applyAsDouble(asFloat(x)));
    add(name, ScalarType.FLOAT, 1, ScalarType.FLOAT, single);
    add(name + "f", ScalarType.FLOAT, 1, ScalarType.FLOAT, single);
  }

  private static void binary(String name, DoubleBinaryOperator f) {
    add(
        name,
        ScalarType.DOUBLE,
        2,
        ScalarType.DOUBLE,
        (x, y, z) -> bits(f.applyAsDouble(asDouble(x), asDouble(y))));
    Body single = (x, y, z) -> bits((float) f.applyAsDouble(asFloat(x), asFloat(y)));
    add(name, ScalarType.FLOAT, 2, ScalarType.FLOAT, single);
    add(name + "f", ScalarType.FLOAT, 2, ScalarType.FLOAT, single);
  }

  private static void predicate(String name, DoublePredicate f) {
    add(name, ScalarType.DOUBLE, 1, ScalarType.BOOL, (x, y, z) -> f.test(asDouble(x)) ? 1 : 0);
    add(name, ScalarType.FLOAT, 1, ScalarType.BOOL, (x, y, z) -> f.test(asFloat(x)) ? 1 : 0);
  }

  private static void integers(String name, ScalarType type, LongBinaryOperator f) {
    add(name, type, 2, type, (x, y, z) -> f.applyAsLong(x, y));
  }

  private static void reinterpreted(String name, ScalarType from, ScalarType to) {
    add(name, from, 1, to, (x, y, z) -> to.canonical(x));
  }
}
