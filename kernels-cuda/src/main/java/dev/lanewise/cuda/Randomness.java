package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.BoxMuller;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.RandomSpec;
import java.util.HashMap;
import java.util.Map;

/** Random numbers: those of every other backend, bit for bit. */
final class Randomness {
  private final CudaDevice device;
  private final Map<Text, KernelSource> sources = new HashMap<>();

  Randomness(CudaBackend backend) {
    this.device = backend.device();
  }

  /** What the kernel's text depends on. */
  record Text(Distribution distribution, DType dtype, Places.Form form) {
    KernelSource source() {
      boolean isNormal = distribution == Distribution.NORMAL;
      return KernelText.of("random_numbers")
          .type("T", dtype)
          .put("functions", isNormal ? boxMuller() : "")
          .put("numbers", isNormal ? NORMAL : dtype == DType.F32 ? UNIFORM_F32 : UNIFORM_F64)
          .places(form)
          .source();
    }
  }

  private static final String NORMAL =
      """
          double distance = radius(uniform(x0, x1));
          double angle = uniform(x2, x3);
          numbers[0] = (T) (distance * direction(angle, false));
          numbers[1] = (T) (distance * direction(angle, true));
      """;

  private static final String UNIFORM_F32 =
      """
          numbers[0] = (float) (x0 >> 8) * 0x1p-24f;
          numbers[1] = (float) (x2 >> 8) * 0x1p-24f;
      """;

  private static final String UNIFORM_F64 =
      """
          numbers[0] = uniform(x0, x1);
          numbers[1] = uniform(x2, x3);
      """;

  private static String boxMuller() {
    String text = KernelText.piece("box_muller");
    text = text.replace("$sqrtHalf", Double.doubleToRawLongBits(Math.sqrt(0.5)) + "ll");
    text = text.replace("$ln2", Double.toHexString(BoxMuller.LN_2));
    text = text.replace("$twoPi", Double.toHexString(2 * Math.PI));
    text = text.replace("$logarithm", polynomial(BoxMuller.logarithmSeries()));
    text = text.replace("$cosine", polynomial(BoxMuller.cosineSeries()));
    return text.replace("$sine", polynomial(BoxMuller.sineSeries()));
  }

  /** {@return statements that compute {@code p} of {@code z}, by Horner's rule} */
  private static String polynomial(double[] coefficients) {
    StringBuilder text = new StringBuilder();
    text.append("double p = ").append(Double.toHexString(coefficients[0])).append(";\n");
    for (int i = 1; i < coefficients.length; i++) {
      text.append("p = fma(p, z, ").append(Double.toHexString(coefficients[i])).append(");\n");
    }
    return text.toString();
  }

  /** Checks a call and fills the array. */
  void fill(Distribution distribution, long seed, long stream, NdArray out) {
    RandomSpec.of(distribution, seed, stream, out);
    try (Operation operation = device.begin("random", out)) {
      // The seed and the stream would be the same in every run.
      device.requireNoCapture("draw random numbers");
      if (out.size() == 0) {
        return;
      }
      Places places = Places.over(out.shape().dims(), Places.Path.of("out", out));
      Arguments arguments =
          device
              .arguments()
              .pointer(operation.address(out))
              .int32((int) seed)
              .int32((int) (seed >>> 32))
              .int32((int) stream)
              .int32((int) (stream >>> 32));
      Text text = new Text(distribution, out.dtype(), places.form());
      device
          .kernels()
          .of(sources.computeIfAbsent(text, Text::source))
          .launch(
              KernelText.blocks(Math.ceilDiv(places.size(), 2L)),
              KernelText.THREADS,
              places.addTo(arguments));
    }
  }
}
