package dev.lanewise.simd;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Window;
import java.util.Arrays;

/**
 * The spatial side of a convolution or pooling, always with three axes: missing outer ones have one
 * element and a window of one. So one loop serves 1, 2 and 3 dimensions.
 */
final class Planes {
  final int[] in = {1, 1, 1};
  final int[] out = {1, 1, 1};
  final int[] kernel = {1, 1, 1};
  final int[] stride = {1, 1, 1};
  final int[] pad = {0, 0, 0};
  final int[] dilation = {1, 1, 1};

  Planes(Shape input, Shape output, Window window) {
    int missing = 3 - window.rank();
    for (int i = 0; i < window.rank(); i++) {
      in[missing + i] = input.dim(i + 2);
      out[missing + i] = output.dim(i + 2);
      kernel[missing + i] = window.kernel(i);
      stride[missing + i] = window.stride(i);
      pad[missing + i] = window.padLow(i);
      dilation[missing + i] = window.dilation(i);
    }
  }

  int inSize() {
    return Math.multiplyExact(Math.multiplyExact(in[0], in[1]), in[2]);
  }

  int outSize() {
    return Math.multiplyExact(Math.multiplyExact(out[0], out[1]), out[2]);
  }

  int taps() {
    return Math.multiplyExact(Math.multiplyExact(kernel[0], kernel[1]), kernel[2]);
  }

  /** {@return the index of a tap along each axis} */
  int[] tap(int tap) {
    return new int[] {tap / kernel[2] / kernel[1], tap / kernel[2] % kernel[1], tap % kernel[2]};
  }

  /** {@return where output {@code o} and tap {@code k} meet the input along an axis} */
  int position(int axis, int o, int k) {
    return o * stride[axis] - pad[axis] + k * dilation[axis];
  }

  /** {@return the first output for which tap {@code k} lies inside the input} */
  int firstInside(int axis, int k) {
    int outside = pad[axis] - k * dilation[axis];
    return outside <= 0 ? 0 : Math.min(out[axis], (outside + stride[axis] - 1) / stride[axis]);
  }

  /** {@return the output after the last for which tap {@code k} lies inside the input} */
  int endInside(int axis, int k) {
    int room = in[axis] - 1 + pad[axis] - k * dilation[axis];
    return room < 0 ? 0 : Math.min(out[axis], room / stride[axis] + 1);
  }

  /** {@return whether the outputs are the inputs: one tap, no padding, no step} */
  boolean isIdentity() {
    return taps() == 1
        && Arrays.equals(in, out)
        && pad[0] + pad[1] + pad[2] == 0
        && stride[0] * stride[1] * stride[2] == 1;
  }
}
