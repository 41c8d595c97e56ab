"""Words that carry no matter of their own, in English and Russian; ё is written е."""

from __future__ import annotations

_WORDS = """
a an the of to in on at by for from with and or but as is are was were be been being am it its
this that these those there here then than so such you your yours they them their he she his her
which who whom whose what when where while if else do does did done doing have has had having
will would shall should can could may might must not no nor only just also too very into onto
out up down over under about after before again once each any all some one other another own
same more most less few both either neither how why because until don't doesn't can't isn't
aren't won't
и а но или в во на с со к ко у о об от до по за из под над при про для без через между как так
же бы ли не ни что чтобы это этот эта эти этого этой этом этих тот та те то того той тем вы вас
вам ваш ваша ваше ваши вашего вашей вашу он она оно они его ее их им ими ему ей себя свой своя
свои своего который которая которое которые когда где если тогда там тут здесь быть был была
было были есть будет будут может можно нужно надо все весь вся всех только уже еще также тоже
очень один одна одно после перед пока какой какая какие
"""
STOP_WORDS = frozenset(_WORDS.split())
