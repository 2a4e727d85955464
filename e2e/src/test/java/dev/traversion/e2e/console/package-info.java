/* SPDX-License-Identifier: Apache-2.0 */
/** The console in a real browser, served by the packaged plugin. */
package dev.traversion.e2e.console;
