/* SPDX-License-Identifier: Apache-2.0 */
/** What containers have logged, as the API server gives it: {@code pods/log}. */
package dev.traversion.rewind.logs;
