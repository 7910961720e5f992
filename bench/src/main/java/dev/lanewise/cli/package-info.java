/**
 * The {@code lanewise} command: {@code doctor}, {@code train} and {@code bench}. Start with {@link
 * dev.lanewise.cli.Main}; each other class with a picocli annotation is a command or a group of
 * options. What commands compute is elsewhere: networks and plain loops in {@link
 * dev.lanewise.bench}.
 */
package dev.lanewise.cli;
