/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.terminal;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The user's browser. */
public final class Browser {

    private Browser() {}

    /** Opens a link; false if there is no program for that. */
    public static boolean open(String link) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String program = system.contains("mac") ? "open" : "xdg-open";
        try {
            new ProcessBuilder(List.of(program, link))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            System.getLogger(Browser.class.getName()).log(System.Logger.Level.DEBUG, "no " + program, e);
            return false;
        }
    }
}
