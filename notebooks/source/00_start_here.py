# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Assignment 00: Start here
#
# This notebook takes five to ten minutes. It has one *gap*, of one line, and shows how all the others work: what a gap is, what a *check* tells you, how your work is graded, and how you hand it in. The line is a small one, but residual networks are named after it.
#
# | part | what you do | difficulty | time |
# | --- | --- | --- | --- |
# | 1 | run a cell | ●○○ | 1 minute |
# | 2 | leave a gap empty, fill it with a wrong line, fill it with the right one | ●○○ | about 5 minutes |
# | 3 to 5 | look at the result; read how you are graded and how you hand in | ●○○ | about 4 minutes |
#
# ## 1. Run a cell
#
# A notebook consists of cells. Click on the next one and press Shift+Enter: that runs the cell and moves on to the one below it. A star, `[*]`, says that a cell is running; a number, such as `[1]`, that it is done, and which in order it was.
#
# The first cell makes the checks ready. It is long only because it also knows how to install them in Google Colab; you need not read it. The second one imports what this notebook uses. If you skip them, nothing below knows the names that they define.

# %% tags=["setup"]
# The builder puts autograder/notebook/setup_cell.py here, without Keras.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder.checks.demonstration import using_gaps

# %% [markdown]
# ## 2. A gap and its checks
#
# **Goal.** Say that some function turns $x$ into a target. What has to be added to $x$ to get there? That is the *residual*. Write the function that computes it.
#
# The gap lies in the cell below, between the two *marker lines* that begin with `###`. Write between them and leave the rest of the cell as it is. Below the cell stand its two checks. Now take three steps, in this order, also if you know the answer: the second one is what this notebook is for.
#
# **Step 1: leave the gap empty.** Run the cell with the gap, then the two cells with the checks. Each check shows a *card*, which says here that the gap is still empty. Nothing is broken, and you may run checks as often as you like.
#
# **Step 2: make a mistake on purpose.** Delete the line that begins with `raise` and write in its place, as far from the left margin,
#
#     difference = target
#
# Run the cell again (a change does nothing until the cell is run), and then the checks. Read the card of the first one line by line:
#
# | line of the card | what it tells you |
# | --- | --- |
# | the first one | ✗ or ✓, the points, and a sentence that is true of a right answer |
# | what happened | what was looked at, and in what way it was wrong |
# | tried | what your function was given; copy it into a cell of your own and try it yourself |
# | expected | what a right function gives |
# | got | what yours gave |
# | hint | which property is wrong; it stands there when your mistake is a known one |
# | ▸ Next hint, ▸ Tell me the mistake | folded: a click opens the next step; try to do without it first |
# | look at | stands in place of the hints when your mistake is none that we know |
#
# Compare `expected` with `got`: what has your function forgotten to take away? The card of the second check is short: it has found the same mistake, and says so.
#
# **Step 3: mend it.** Change the line so that both cards turn to ✓.
#
# **Difficulty: ●○○ · about 5 minutes**
#
# <details>
# <summary>Hint 1: which property is wrong</summary>
#
# With `difference = target`, x plays no part. But the more x has of the target already, the less is left to add.
#
# </details>
#
# <details>
# <summary>Hint 2: where to look</summary>
#
# The docstring says that x plus the residual is the target. Solve this for the residual.
#
# </details>
# %% tags=["solution"]
from solutions.start_here import residual

# %% [markdown]
# Three things that puzzle everybody once:
#
# * **The card does not change.** A check uses the function as it was when its cell was last run. Run the cell with the gap first.
# * **The cell with the gap itself shows an error**, such as `SyntaxError` or `IndentationError`. Then it defined nothing, and the checks still see the function from before, if there was one. Mend what the error's last line says; an `IndentationError` is a line that does not begin as far from the margin as its neighbours.
# * **The card says that something is not defined.** A cell further up has not been run since the notebook was opened.

# %% [markdown]
# ## 3. What the line is good for
#
# Here is your function at work. The blue line is a target that is nearly $x$ itself, the dashed one is $x$, and the orange one is what your function returns. A layer that learned the target from nothing would have to learn the blue line; with $x$ added for free, only the orange one remains. When the target is close to its input, the residual is close to zero, and that is easy to learn. This is the idea of section 3.1 of K. He, X. Zhang, S. Ren, J. Sun, [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385), 2015, and it comes back in assignment 03.

# %% tags=["demonstration"]
with using_gaps():
    x = np.linspace(-2, 2, 81)
    target = x + 0.4 * np.sin(3 * x)
    left_to_add = residual(target, x)
    plt.figure(figsize=(7, 3.8), facecolor="white")
    plt.plot(x, target, color="#0072B2", marker="s", markevery=10, label="target")
    plt.plot(x, x, color="black", linestyle="--", label="x")
    plt.plot(x, left_to_add, color="#D55E00", marker="o", markevery=10, label="residual(target, x)")
    plt.xlabel("x (no unit)")
    plt.ylabel("value (no unit)")
    plt.title("What is left to add to x", loc="left")
    plt.legend()
    plt.grid(alpha=0.4)

# %% [markdown]
# ## 4. The checks that you see, and those that you do not see
#
# A card tells you what was expected, so you could write a function that returns just these numbers. It would turn the cards green and be worth nothing: **when your notebook is graded, the same checks are made again with other inputs**, drawn from a seed that nobody outside knows, and your points come from those. Sentence, points and rule are the same; only the numbers, and the sizes of arrays, differ. Whatever does what its docstring says passes both.
#
# So a green card is a good sign, and trying inputs of your own is a better one. The next cell does it: whichever numbers are drawn, $x$ plus the residual has to give the target.

# %% tags=["demonstration"]
with using_gaps():
    random = np.random.default_rng(0)
    for _ in range(4):
        target, x = random.integers(-50, 51, size=2)
        print(f"x = {x:3}, target = {target:3}: x + residual(target, x) = {x + residual(target, x):3}")

# %% [markdown]
# ## 5. Before you hand in
#
# **Restart and run all.** The *kernel*, the program behind the notebook, remembers everything that was run since it was started, also cells that you have changed or deleted since. Try it: make a cell with `forgotten = 1`, run it, delete it, and let another cell print `forgotten`. It works, though the notebook no longer says where the name comes from. Whoever grades has only the notebook. So choose *Run > Restart Kernel and Run All Cells*: it forgets everything and runs the notebook from top to bottom, as grading does. It does not stop at a failed check, so look at each card.
#
# **Validate.** Save with Ctrl+S, open a terminal (*File > New > Terminal*), go to the folder of this notebook, and type
#
#     autograder validate 00_start_here.ipynb
#
# It runs the saved file in a fresh kernel and lists every check. Your own code runs on your own machine there, with the inputs that you also see in the notebook.
#
# **Hand in** the file `00_start_here.ipynb`, saved, under this name: no PDF, no zip. Where to, your instructor says; if you learn by yourself, you are done. What you get back are the same cards, for the inputs that you did not see.
#
# **What you may change.** Write in the gaps, and add cells of your own wherever you like. Leave the names of the functions, and the cells with the checks, as they are: they are locked, and if one gets lost or changed, grading takes the original.
#
# | word | what it means in this course |
# | --- | --- |
# | gap | the place in a function between the two marker lines, where your code goes |
# | exercise | one gap with its checks |
# | check | one property that a right answer has, and its points |
# | hidden check | the same check on inputs that you do not see; this is where the points come from |
# | card | what a check shows |
# | assignment | one notebook |
# | hint | folded below the task, and on the card of a known mistake: the first says which property matters, the next where to look |
#
# You are ready for assignment 01.
