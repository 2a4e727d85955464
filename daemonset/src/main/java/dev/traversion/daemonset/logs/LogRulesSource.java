/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import dev.traversion.archive.TraversionException;
import dev.traversion.masking.MaskingKey;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where it is said whose logs are recorded; may change while they are. */
@FunctionalInterface
public interface LogRulesSource {

    /**
     * What is said now; the same object as before if that is the same.
     *
     * @throws TraversionException with a sentence if it cannot be known: no logs may be recorded then, since what is secret in them is not
     *     known either
     */
    LogRules current();

    /** A file that is read again when it says something else, such as one of a ConfigMap. */
    static LogRulesSource file(Path file, MaskingKey key) {
        return new LogRulesSource() {
            private String text = "";
            private LogRules rules;

            @Override
            public LogRules current() {
                String now;
                try {
                    now = Files.readString(file);
                } catch (NoSuchFileException e) {
                    throw new TraversionException("There is no file " + file + ", which says what logs to record.", e);
                } catch (MalformedInputException e) {
                    throw new TraversionException(file + ", which says what logs to record, is no text in UTF-8.", e);
                } catch (IOException e) {
                    throw new TraversionException(
                            "Cannot read " + file + ", which says what logs to record: " + e.getMessage(), e);
                }
                if (rules == null || !now.equals(text)) {
                    rules = LogRules.parse(now, file.toString(), key);
                    text = now;
                }
                return rules;
            }
        };
    }
}
