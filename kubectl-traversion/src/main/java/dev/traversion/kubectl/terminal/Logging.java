/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.terminal;

import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log lines on standard error, for who asks for them with -v. */
public final class Logging {

    private Logging() {}

    /** @param verbosity 0: nothing, 1: what the program does, 2: everything in detail */
    public static void configure(int verbosity) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        if (verbosity == 0) {
            root.setLevel(Level.OFF);
            return;
        }
        Level level = verbosity == 1 ? Level.INFO : Level.FINE;
        Handler handler = new ConsoleHandler();
        handler.setLevel(level);
        handler.setFormatter(new Formatter() {
            @Override
            public String format(LogRecord event) {
                StringBuilder line = new StringBuilder()
                        .append(event.getInstant())
                        .append(' ')
                        .append(event.getLevel().getName())
                        .append(' ')
                        .append(event.getLoggerName())
                        .append(": ")
                        .append(formatMessage(event))
                        .append('\n');
                for (Throwable cause = event.getThrown(); cause != null; cause = cause.getCause()) {
                    line.append("    ").append(cause).append('\n');
                }
                return line.toString();
            }
        });
        root.addHandler(handler);
        root.setLevel(level);
    }
}
