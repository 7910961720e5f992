// As BoxMuller, in operations that IEEE 754 defines to the last bit.
__device__ inline double radius(double u) {
  double x = 1.0 - u;
  long long bits = __double_as_longlong(x);
  long long e = (bits - $sqrtHalf) >> 52;
  double m = __longlong_as_double(bits - e * (1ll << 52)) - 1.0;
  double s = m / (m + 2.0);
  double z = s * s;
$logarithm
  double log = fma((double) e, $ln2, fma(s * z, p, s + s));
  return sqrt(-2.0 * log);
}
__device__ inline double direction(double v, bool isSine) {
  double turn = v - 0.5;
  double quarters = rint(4.0 * turn);
  double angle = fma(quarters, -0.25, turn) * $twoPi;
  double z = angle * angle;
  double cosine = 0.0;
  double sine = 0.0;
  {
$cosine
    cosine = fma(z * z, p, fma(z, -0.5, 1.0));
  }
  {
$sine
    sine = fma(angle * z, p, angle);
  }
  // Each of these is -1, 0 or 1, and one of them is 0.
  double toCosine = fabs(quarters) - 1.0;
  double toSine = quarters * (fabs(quarters) - 2.0);
  if (isSine) {
    return fma(toCosine, sine, toSine * cosine);
  }
  return fma(toCosine, cosine, -toSine * sine);
}
