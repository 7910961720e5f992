package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongArgumentsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          trian digits                          | unknown command 'trian' (did you mean train?)
          dcotor                                | unknown command 'dcotor' (did you mean doctor?)
          xyzzy                                 | unknown command 'xyzzy'
          --frobnicate                          | unknown option '--frobnicate'
          train                                 | which data set? there are digits, fashion-mnist
          train digit                           | unknown command 'digit' (did you mean digits?)
          train digits --epoch 3                | unknown option '--epoch' (did you mean --epochs?)
          train digits seven                    | unexpected argument 'seven'
          train digits --epochs                 | missing required parameter for option '--epochs'
          train digits --epochs 0               | '0' is not a whole number from 1 to
          train digits --epochs -3              | '-3' is not a whole number from 1 to
          train digits --epochs 1.5             | '1.5' is not a whole number from 1 to
          train digits --epochs many            | '--epochs': 'many' is not a whole number from 1
          train digits --epochs 99999999999     | '99999999999' is not a whole number from 1 to
          train digits --epochs 1 --epochs 2    | '--epochs' (N) should be specified only once
          train digits --batch 0                | '--batch': '0' is not a whole number from 1
          train digits --threads 0              | '--threads': '0' is not a whole number from 1
          train digits --threads 1025           | '1025' is not a whole number from 1 to 1024
          train digits --seed x                 | '--seed': 'x' is not a whole number of 64 bits
          train digits --seed 9223372036854775808 | is not a whole number of 64 bits
          train digits --device smid            | '--device': 'smid' is not one of auto, cpu, gpu
          train digits --backend smid           | 'smid' is not one of auto, cpu, gpu, simd, reference, cuda
          train digits --device cuda7           | 'cuda7' is not one of auto, cpu, gpu, simd
          train digits --device                 | missing required parameter for option '--device'
          train digits --backend                | missing required parameter for option '--backend'
          -Dlanewise.backend=cuda doctor        | '-Dlanewise.backend=cuda' is for the JVM: give it as
          doctor -Dlanewise.backend=cuda        | is for the JVM: give it as LANEWISE_JAVA_OPTS=
          train digits --model cnn              | unknown option '--model'
          train fashion-mnist --model rnn       | '--model': 'rnn' is not one of mlp, cnn
          train fashion-mnist --epochs 0        | '--epochs': '0' is not a whole number from 1
          train fashion-mnist --batch -1        | '--batch': '-1' is not a whole number from 1
          train fashion-mnist --data-dir        | missing required parameter for option '--data-dir'
          train fashion-mnist @files            | unexpected argument '@files'
          doctor --fast                         | unknown option '--fast'
          doctor now                            | unexpected argument 'now'
          bench gemm                            | unexpected argument 'gemm'
          bench --filter gemm(                  | 'gemm(' is not a regular expression: unclosed
          bench --filter xyzzy                  | no case fits --filter 'xyzzy'; --list names all
          bench --gate                          | '--gate' needs --quick, and one thread
          bench --quick --threads 2 --write-baseline f | '--write-baseline' needs --quick, and
          bench --json /nowhere/f               | '/nowhere/f' cannot be written
          bench --html /                        | '/' cannot be written
          bench --launches 0                    | '--launches': '0' is not a whole number from 1
          bench --launches 2 --json f           | '--launches' goes with --filter, --threads and
          bench --launches 2 --shuffle 1        | '--launches' goes with --filter, --threads and
          bench --shuffle first                 | '--shuffle': 'first' is not a whole number of 64
          bench --train --shuffle 1             | '--train' goes with --threads, --filter, --epochs
          bench --train --quick                 | '--train' goes with --threads, --filter, --epochs
          bench --train --filter rnn            | no network fits --filter 'rnn'; there are fashion
          bench --train --epochs 0              | '--epochs': '0' is not a whole number from 1
          bench --threads 0                     | '--threads': '0' is not a whole number from 1
          bench --thread 1                      | unknown option '--thread' (did you mean
          """)
  void areRefusedInOneLine(String line, String complaint) {
    Cli cli = Cli.run(line);
    String text = cli.assertComplaint(2);
    assertTrue(text.contains(complaint), text);
    assertTrue(
        text.matches(".*; see 'lanewise( train)?( digits| fashion-mnist| doctor| bench)? --help'"));
    assertEquals("", cli.out());
  }

  @Test
  void anArgumentWithLineBreaksIsStillOneLine() {
    String text =
        Cli.runWith("train", "digits", "--epochs", "1\nat dev\r\n\u001b[31m").assertComplaint(2);
    assertTrue(text.chars().noneMatch(Character::isISOControl), text);
  }
}
