/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static dev.traversion.archive.landing.LandingTable.ARGUMENTS;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.daemonset.attribution.Container;
import dev.traversion.masking.Masking;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Rows of the arguments with which programs began, masked. For one thread. */
final class ArgumentRows {

    private static final int TIME = ARGUMENTS.column("time");
    private static final int PID = ARGUMENTS.column("pid");
    private static final int PROCESS_START = ARGUMENTS.column("process_start");
    private static final int CGROUP = ARGUMENTS.column("cgroup");
    private static final int POD_UID = ARGUMENTS.column("pod_uid");
    private static final int CONTAINER_ID = ARGUMENTS.column("container_id");
    private static final int COMMAND_LINE = ARGUMENTS.column("command_line");
    private static final int CUT = ARGUMENTS.column("cut");

    private final Supplier<Masking> masking;

    ArgumentRows(Supplier<Masking> masking) {
        this.masking = masking;
    }

    void tell(RowBlock row, EventData data, Container container) {
        int length = Math.min(data.intAt(Layouts.ExecArguments.LENGTH), Layouts.ARGUMENT_BYTES);
        int total = data.intAt(Layouts.ExecArguments.TOTAL);
        row.set(TIME, data.longAt(Layouts.Event.TIME));
        row.set(PID, data.intAt(Layouts.Event.PID));
        row.set(PROCESS_START, data.longAt(Layouts.Event.PROCESS_START));
        row.set(CGROUP, data.longAt(Layouts.Event.CGROUP));
        row.set(POD_UID, container.podUid());
        row.set(CONTAINER_ID, container.containerId());
        try {
            List<String> arguments = new ArrayList<>();
            for (int at = 0; at < length; ) {
                String argument = data.text(Layouts.ExecArguments.ARGUMENTS + at, length - at);
                arguments.add(argument);
                at += data.textLength() + 1;
            }
            row.set(COMMAND_LINE, line(masked(arguments, masking.get())));
            row.set(CUT, total - length);
        } catch (TraversionException e) {
            // What is secret is not known just now.
            row.set(CUT, total);
        }
        row.endRow();
    }

    /** Each is masked by itself, and what follows {@code --password} as if it stood behind a {@code =}. */
    static List<String> masked(List<String> arguments, Masking masking) {
        List<String> masked = new ArrayList<>();
        String option = "";
        for (String argument : arguments) {
            String safe = masking.text("", argument);
            if (!option.isEmpty() && !argument.startsWith("-")) {
                String both = masking.text("", option + "=" + argument);
                if (both.startsWith(option + "=")) {
                    safe = both.substring(option.length() + 1);
                }
            }
            masked.add(safe);
            option = argument.startsWith("-") && argument.indexOf('=') < 0 ? argument.replaceFirst("^-+", "") : "";
        }
        return masked;
    }

    /** As one would type it; characters that move a terminal's cursor do not. */
    static String line(List<String> arguments) {
        StringBuilder line = new StringBuilder();
        for (String argument : arguments) {
            if (!line.isEmpty()) {
                line.append(' ');
            }
            boolean isPlain = !argument.isEmpty() && argument.chars().allMatch(ArgumentRows::isPlain);
            line.append(isPlain ? argument : quoted(argument));
        }
        return line.toString();
    }

    private static boolean isPlain(int character) {
        return character > ' ' && character != 127 && "\"'`$\\*?[]{}()<>|&;!#~".indexOf(character) < 0;
    }

    private static String quoted(String argument) {
        StringBuilder quoted = new StringBuilder("'");
        for (int i = 0; i < argument.length(); i++) {
            char character = argument.charAt(i);
            if (character < ' ' || (character >= 127 && character < 160)) {
                quoted.append(String.format("\\x%02x", (int) character));
            } else {
                quoted.append(character == '\'' ? "'\\''" : String.valueOf(character));
            }
        }
        return quoted.append('\'').toString();
    }
}
