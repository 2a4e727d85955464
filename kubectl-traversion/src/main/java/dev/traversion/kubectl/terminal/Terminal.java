/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command writes: data to {@code out}, notes to {@code err}.
 *
 * @param interactive whether {@code err} is a terminal on which lines can be written over
 * @param color whether to use colors
 * @param columns width of the terminal
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean color, int columns) {

    private static final int DEFAULT_COLUMNS = 100;

    /** What --color says. */
    public enum ColorMode {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** The terminal of this process. The launcher tells what Java cannot find out: whether standard error is one, and how wide. */
    public static Terminal of(ColorMode mode, Map<String, String> environment) {
        String told = System.getProperty("traversion.tty", "");
        boolean isTerminal = told.isEmpty() ? hasConsole() : told.equals("true");
        boolean interactive =
                isTerminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean color = mode == ColorMode.ALWAYS
                || (mode == ColorMode.AUTO
                        && interactive
                        && environment.getOrDefault("NO_COLOR", "").isEmpty());
        int columns = Integer.getInteger("traversion.columns", DEFAULT_COLUMNS);
        return new Terminal(System.out, System.err, interactive, color, columns < 20 ? DEFAULT_COLUMNS : columns);
    }

    private static boolean hasConsole() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /**
     * Asks the user, who has to answer y.
     *
     * @return whether that was the answer; empty if there is nobody to ask
     */
    public static Optional<Boolean> confirm(String question) {
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> console.readLine("%s [y/N] ", question))
                .map(answer -> answer.strip().equalsIgnoreCase("y"));
    }

    /** Whether standard output goes to a terminal. */
    public static boolean isOutput() {
        String told = System.getProperty("traversion.out.tty", "");
        return told.isEmpty() ? hasConsole() : told.equals("true");
    }

    /** Writes over the line of the status on a terminal; does nothing elsewhere. {@code ""} makes room for other lines. */
    public void status(String line) {
        if (interactive) {
            err.print("\r\u001b[K" + (line.length() >= columns ? line.substring(0, columns - 1) : line));
            err.flush();
        }
    }

    /** A line on standard error. */
    public void note(String line) {
        err.println(line);
    }

    /** A line on standard error that says what failed. */
    public void error(String sentence) {
        err.println(color ? "\u001b[31merror:\u001b[0m " + sentence : "error: " + sentence);
    }

    public String bold(String text) {
        return color ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    public String dim(String text) {
        return color ? "\u001b[2m" + text + "\u001b[0m" : text;
    }

    /** What came. */
    public String added(String text) {
        return color ? "\u001b[32m" + text + "\u001b[0m" : text;
    }

    /** What went. */
    public String removed(String text) {
        return color ? "\u001b[31m" + text + "\u001b[0m" : text;
    }
}
