package dev.lanewise.nn.init;

/** Which of a unit's connections decide about the spread of its weights. */
public enum FanMode {
  /** The inputs that an output is computed from: outputs spread as inputs do. */
  IN,
  /** The outputs that an input goes into: gradients keep their spread on the way back. */
  OUT,
  /** The mean of both. */
  AVERAGE;

  /** {@return how many they are, at least 1} */
  double of(Fans fans) {
    double count =
        switch (this) {
          case IN -> fans.in();
          case OUT -> fans.out();
          case AVERAGE -> (fans.in() + fans.out()) / 2.0;
        };
    return Math.max(1, count);
  }
}
