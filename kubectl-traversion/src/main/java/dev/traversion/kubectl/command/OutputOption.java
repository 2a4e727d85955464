/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.kubectl.terminal.Terminal;
import java.io.IOException;
import picocli.CommandLine.Option;

/** In which form a command answers. */
final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            defaultValue = "text",
            description = "Form of the output: text (default), json or yaml.")
    private Documents.Form form;

    boolean isText() {
        return form == Documents.Form.TEXT;
    }

    /** A document of that form on standard output, which stays open. Not for text. */
    JsonGenerator open(Terminal terminal) throws IOException {
        return Documents.open(terminal.out(), form);
    }
}
