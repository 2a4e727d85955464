/* SPDX-License-Identifier: Apache-2.0 */
/** What is wrong with an object, as its status and Events tell. */
package dev.traversion.analysis.why.trouble;
